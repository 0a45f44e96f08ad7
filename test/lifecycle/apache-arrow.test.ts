import { CLEAN, run } from '../support/run-program.js'

const REQUIRED = `
  const { createRequire } = await import('node:module')
  const require = createRequire(process.cwd() + '/package.json')
`
const IS_THEIRS = `
  const isTheirs = ({ RecordBatch, Schema, Field, Data, Vector, Binary, Dictionary, Int64 }, batch) => {
    const [key, , topic, , offset] = batch.schema.fields
    const pairs = [
      [batch, RecordBatch], [batch.schema, Schema], [key, Field], [batch.data, Data],
      [batch.getChild('key'), Vector], [key.type, Binary], [topic.type, Dictionary],
      [offset.type, Int64],
    ]
    return pairs.map(([object, Class]) => object.constructor === Class)
  }
`
const ALL = Array(8).fill(true)

// Both ways in one process, and tidemark first: neither may depend on what was loaded before.
test("the classes are those of the user's apache-arrow, by import and by require", async () => {
  const outcome = await run(`${REQUIRED}${IS_THEIRS}
    const { cluster, config } = await startFilled({ records: 10 })
    const required = require('tidemark')
    const managers = [
      await open(config),
      await required.ConsumerManager.create({
        config, topics: [required.SourceTopic.fromEarliest('t')],
      }),
    ]
    const [byImport, byRequire] = await Promise.all(managers.map((manager) => manager.poll(Infinity)))
    report([
      isTheirs(await import('apache-arrow'), byImport),
      isTheirs(require('apache-arrow'), byRequire),
    ])
    await Promise.all(managers.map((manager) => manager.close()))
    await cluster.close()
  `)
  expect(outcome).toMatchObject({ ...CLEAN, result: [ALL, ALL] })
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
