import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf, take } from '../support/read-rows.js'
import { nameOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const HOUR = 3_600_000

let cluster: MockCluster
let config: Record<string, string>
beforeEach(() => {
  cluster = MockCluster.start({ brokers: 3 })
  config = { 'bootstrap.servers': cluster.bootstrapServers }
})
afterEach(() => cluster.close())

const create = (topics: SourceTopic[], options: StreamOptions = {}) =>
  ConsumerManager.create({ config, topics, ...options })

test('several topics are one stream; ties go by topic name, then partition', async () => {
  for (const topic of ['b', 'a', 'B']) cluster.createTopic(topic, { partitions: 2 })
  const log = await writeLog(
    config,
    ['a', 'b', 'B'].flatMap((topic) =>
      [1, 0].flatMap((partition) =>
        [1, 1, 2].map((time) => ({ topic, partition, timestamp: TIME + time })),
      ),
    ),
  )
  await using manager = await create(['b', 'B', 'a'].map((name) => SourceTopic.fromEarliest(name)))
  const names = (await replayOf(manager)).map(nameOf)
  expect(names).toEqual(expectedOf(log).replay.map(nameOf))
  expect(names.slice(0, 4)).toEqual([
    `B-0@0 (${TIME + 1})`,
    `B-0@1 (${TIME + 1})`,
    `B-1@0 (${TIME + 1})`,
    `B-1@1 (${TIME + 1})`,
  ])
})

test('each topic has its own start', async () => {
  const now = Date.now()
  const starts: Record<string, SourceTopic> = {
    all: SourceTopic.fromEarliest('all'),
    none: SourceTopic.fromLatest('none'),
    recent: SourceTopic.fromRelativeTime('recent', HOUR),
    dated: SourceTopic.fromAbsoluteTime('dated', new Date(now - 3 * HOUR)),
    // No record is that young.
    future: SourceTopic.fromAbsoluteTime('future', now + HOUR),
  }
  const names = Object.keys(starts)
  for (const name of names) cluster.createTopic(name)
  const ages = [4, 2, 0.5]
  await writeLog(
    config,
    ages.flatMap((age) =>
      names.map((topic) => ({
        topic,
        partition: 0,
        timestamp: now - age * HOUR,
        value: `${topic} ${age}`,
      })),
    ),
  )
  await using manager = await create(Object.values(starts))
  const values = (await replayOf(manager)).map(({ value }) =>
    new TextDecoder().decode(value ?? undefined),
  )
  expect(values).toEqual(['all 4', 'all 2', 'dated 2', 'all 0.5', 'dated 0.5', 'recent 0.5'])

  // Where nothing was replayed, what comes is not missed.
  await using producer = await Producer.create({ config })
  for (const topic of ['none', 'future']) await producer.send({ topic, partition: 0 })
  expect((await take(manager, 2)).map(({ topic, offset }) => [topic, offset]).sort()).toEqual([
    ['future', 3n],
    ['none', 3n],
  ])
})

test('300 partitions on three brokers are one stream', async () => {
  cluster.createTopic('t', { partitions: 300 })
  const log = await writeLog(
    config,
    Array.from({ length: 3_000 }, (_, i) => ({
      topic: 't',
      partition: (i * 7) % 300,
      timestamp: TIME + i,
    })),
  )
  await using manager = await create([SourceTopic.fromEarliest('t')])
  expect(manager.partitionState().numRows).toBe(300)
  expect((await replayOf(manager)).map(nameOf)).toEqual(log.map(nameOf))
})
