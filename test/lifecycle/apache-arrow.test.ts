import { CLEAN, run } from '../support/run-program.js'

const REQUIRED = `
  const { createRequire } = await import('node:module')
  const require = createRequire(process.cwd() + '/package.json')
`
const COLUMNS = {
  ...{ key: 'Binary', value: 'Binary', topic: 'Dictionary', partition: 'Int32', offset: 'Int64' },
  ...{ timestamp: 'TimestampMillisecond', timestamp_type: 'Dictionary', source: 'Dictionary' },
}
const STATE = {
  ...{ topic: 'Utf8', partition: 'Int32', replay_start_offset: 'Int64' },
  ...{ replay_end_offset: 'Int64', consumed_offset: 'Int64', released_offset: 'Int64' },
  ...{ last_message_timestamp: 'TimestampMillisecond', cutoff: 'TimestampMillisecond' },
  ...{ is_live: 'Bool', is_paused: 'Bool', late_records: 'Int64', gaps: 'Int64', source: 'Utf8' },
}
/** The classes by which a program may know a batch and its parts, and those that are not the user's. */
const CLASSES = `
  const classesOf = (batch) => batch.schema.fields.map(({ name, type }) => [name, type.constructor.name])
  const strangersIn = (batch, arrow) => {
    const ofColumn = (field) => {
      const vector = batch.getChild(field.name)
      const { type } = field
      const parts = arrow.DataType.isDictionary(type) ? [type.dictionary, type.indices] : []
      return [field, vector, vector.data[0], type, ...parts]
    }
    const parts = [
      batch, batch.schema, batch.data, batch.data.type, new arrow.Table([batch]).batches[0],
      batch.slice(0, 1), ...batch.schema.fields.flatMap(ofColumn),
    ]
    const isTheirs = (part) => arrow[part.constructor.name] === part.constructor
    return parts.filter((part) => !isTheirs(part)).map((part) => part.constructor.name)
  }
`

// Both ways in one process, and tidemark first: neither may depend on what was loaded before.
test("the classes are those of the user's apache-arrow, by import and by require", async () => {
  const outcome = await run(`${REQUIRED}${CLASSES}
    const { cluster, config } = await startFilled({ records: 10 })
    const required = require('tidemark')
    const columns = ${JSON.stringify(Object.keys(COLUMNS))}
    const managers = [
      await open(config, { columns }),
      await required.ConsumerManager.create({
        ...{ config, columns }, topics: [required.SourceTopic.fromEarliest('t')],
      }),
    ]
    const read = await Promise.all(managers.map((manager) => manager.poll(Infinity)))
    const states = managers.map((manager) => manager.partitionState())
    const arrows = [await import('apache-arrow'), require('apache-arrow')]
    report([0, 1].map((way) => ({
      columns: Object.fromEntries(classesOf(read[way])),
      state: Object.fromEntries(classesOf(states[way])),
      strangers: [read[way], states[way]].flatMap((batch) => strangersIn(batch, arrows[way])),
      isOfTheOther: read[way].constructor === arrows[1 - way].RecordBatch,
    })))
    await Promise.all(managers.map((manager) => manager.close()))
    await cluster.close()
  `)
  const theirs = { columns: COLUMNS, state: STATE, strangers: [], isOfTheOther: false }
  expect(outcome).toEqual({ ...CLEAN, result: [theirs, theirs] })
})

test('apache-arrow is loaded by create, when the engine has been started', async () => {
  const outcome = await run(`${REQUIRED}
    const { cluster, config } = await startFilled({ records: 10 })
    const isLoaded = () => Object.keys(require.cache).some((file) => /apache-arrow/.test(file))
    const required = require('tidemark')
    const before = isLoaded()
    const topics = [required.SourceTopic.fromEarliest('t')]
    const creating = required.ConsumerManager.create({ config, topics })
    const whenStarted = isLoaded()
    const manager = await creating
    report([before, whenStarted, isLoaded()])
    await manager.close()
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: [false, false, true] })
})

// Each file costs half a millisecond of every start.
test('few files are loaded, and nothing of apache-arrow that reads or writes IPC', async () => {
  const outcome = await run(`${REQUIRED}
    const { cluster, config } = await startFilled({ records: 10 })
    const loaded = (folder) => Object.keys(require.cache).filter((file) => folder.test(file))
    const required = require('tidemark')
    const own = loaded(/dist.cjs/).length
    const topics = [required.SourceTopic.fromEarliest('t')]
    const manager = await required.ConsumerManager.create({ config, topics })
    await manager.poll(Infinity)
    manager.partitionState()
    report({ own, ipc: loaded(/apache-arrow.(ipc|io|Arrow)/) })
    await manager.close()
    await cluster.close()
  `)
  expect(outcome).toMatchObject({ ...CLEAN, result: { ipc: [] } })
  expect(outcome.result.own).toBeLessThanOrEqual(4)
})
