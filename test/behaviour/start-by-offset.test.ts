import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { openCluster } from '../support/cluster.js'
import { take } from '../support/read-rows.js'
import { writeLog } from '../support/write-log.js'
import { LogScene, placeOf, placesFrom, placesOf } from './log-scene.js'

let scene: LogScene
beforeEach(async () => {
  scene = new LogScene(openCluster())
  await scene.open()
})
afterEach(() => scene.close())

const failing = async (topic: SourceTopic) => {
  const errors = []
  for (const [, options] of scene.sources(topic)) {
    errors.push(await ConsumerManager.create(options).catch((error) => error))
  }
  // A broker and segments say the same.
  expect({ ...errors[0], message: errors[0].message }).toEqual({
    ...errors[1],
    message: errors[1].message,
  })
  return errors[0]
}

test('each partition starts at its offset, and the others where they are said to', async () => {
  const { topic } = scene
  const all = { 0: 3n, 1: 0, 2: 10n, 3: 9 }
  for (const [, options] of scene.sources(SourceTopic.fromOffsets(topic, all))) {
    expect(await placesOf(options)).toEqual(placesFrom([3, 0, 10, 9]))
  }
  for (const others of ['earliest', 'latest'] as const) {
    const rest = others === 'earliest' ? 0 : 10
    const some = SourceTopic.fromOffsets(topic, new Map([[2, 7n]]), { others })
    for (const [, options] of scene.sources(some)) {
      expect(await placesOf(options)).toEqual(placesFrom([rest, rest, 7, rest]))
    }
  }
})

test('a start at the end goes on with what comes next', async () => {
  const { topic, cluster } = scene
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromOffsets(topic, { 0: 10n, 1: 10n, 2: 10n, 3: 10n })],
  })
  expect(manager.isLive()).toBe(true)
  await writeLog(cluster.config, scene.records(10, 11))
  const rows = await take(manager, 4)
  expect(rows.map(placeOf).sort()).toEqual(['0@10', '1@10', '2@10', '3@10'])
})

test('partitions without an offset are an error that names them, unless others says where they start', async () => {
  const error = await failing(SourceTopic.fromOffsets(scene.topic, { 1: 4n }))
  expect(error).toMatchObject({ code: 'ERR_MISSING_OFFSET', topic: scene.topic, partition: 0 })
  expect(error.message).toContain('no offset is given for partitions 0, 2 and 3')
  expect(error.message).toContain("{ others: 'earliest' }")
  const some = SourceTopic.fromOffsets(scene.topic, { 1: 4n }, { partitions: [1] })
  for (const [, options] of scene.sources(some)) {
    expect(await placesOf(options)).toEqual(placesFrom([null, 4, null, null]))
  }
})

test('an offset of a partition that there is not is an error that names those there are', async () => {
  const error = await failing(
    SourceTopic.fromOffsets(scene.topic, { 1: 4n, 5: 1n }, { others: 'latest' }),
  )
  expect(error).toMatchObject({ code: 'ERR_UNKNOWN_PARTITION', partition: 5 })
  expect(error.message).toContain('has no partition 5, only partitions 0, 1, 2 and 3')
})

test('an offset behind the end is an error, unless outOfRange says where to start', async () => {
  const { topic } = scene
  const offsets = { 2: 17n }
  const error = await failing(SourceTopic.fromOffsets(topic, offsets, { others: 'latest' }))
  expect(error).toMatchObject({ code: 'ERR_OFFSET_OUT_OF_RANGE', partition: 2 })
  expect(error.message).toContain('the log ends at offset 10, 7 before it')
  for (const outOfRange of ['earliest', 'latest'] as const) {
    const start = SourceTopic.fromOffsets(topic, offsets, { others: 'latest', outOfRange })
    const from = outOfRange === 'earliest' ? 0 : 10
    for (const [, options] of scene.sources(start)) {
      expect(await placesOf(options)).toEqual(placesFrom([10, 10, from, 10]))
    }
  }
})
