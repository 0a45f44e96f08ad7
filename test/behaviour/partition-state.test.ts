import {
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { replayOf } from '../support/read-rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const MIB = 1024 * 1024

let cluster: MockCluster
let config: Record<string, string>
beforeEach(() => {
  cluster = MockCluster.start()
  config = { 'bootstrap.servers': cluster.bootstrapServers }
})
afterEach(() => cluster.close())

function create(topics: string[], options: StreamOptions & Partial<KafkaOptions> = {}) {
  return ConsumerManager.create({
    config,
    topics: topics.map((topic) => SourceTopic.fromEarliest(topic)),
    ...options,
  })
}
const rowsOf = (manager: ConsumerManager) =>
  manager
    .partitionState()
    .toArray()
    .map((row) => ({ ...row.toJSON() }))

test('partitionState has the columns, types and nullability that are promised', async () => {
  cluster.createTopic('t')
  await using manager = await create(['t'])
  expect(
    manager.partitionState().schema.fields.map((field) => `${field}, ${field.nullable}`),
  ).toEqual([
    'topic: Utf8, false',
    'partition: Int32, false',
    'replay_start_offset: Int64, false',
    'replay_end_offset: Int64, false',
    'consumed_offset: Int64, true',
    'released_offset: Int64, true',
    'last_message_timestamp: Timestamp<MILLISECOND, UTC>, true',
    'cutoff: Timestamp<MILLISECOND, UTC>, true',
    'is_live: Bool, false',
    'is_paused: Bool, false',
    'late_records: Int64, false',
    'gaps: Int64, false',
    'source: Utf8, false',
  ])
})

test('partitionState has one row a partition, sorted by topic and partition', async () => {
  for (const topic of ['b', 'B', 'a-1', 'a']) cluster.createTopic(topic, { partitions: 11 })
  await using manager = await create(['b', 'a-1', 'a', 'B'])
  const places = rowsOf(manager).map(({ topic, partition }) => `${topic} ${partition}`)
  const expected = ['B', 'a', 'a-1', 'b'].flatMap((topic) =>
    Array.from({ length: 11 }, (_, partition) => `${topic} ${partition}`),
  )
  expect(places).toEqual(expected)
})

test('partitionState follows the replay', async () => {
  cluster.createTopic('t', { partitions: 2 })
  await writeLog(
    { ...config, 'linger.ms': 10_000 }, // one record batch
    [10, 20, 30, 25].map((time) => ({ topic: 't', partition: 0, timestamp: TIME + time })),
  )
  await using manager = await create(['t'], { batchSize: 2, cutoffMs: TIME + 1_000 })
  await until('all is fetched', () => manager.heldMessageCount() === 4)
  const partition = {
    topic: 't',
    partition: 0,
    replay_start_offset: 0n,
    replay_end_offset: 4n,
    consumed_offset: 3n,
    released_offset: null as bigint | null,
    last_message_timestamp: TIME + 30,
    cutoff: TIME + 1_000,
    is_live: false,
    is_paused: false,
    late_records: 0n,
    gaps: 0n,
    source: '',
  }
  const empty = {
    ...partition,
    partition: 1,
    replay_end_offset: 0n,
    consumed_offset: null,
    last_message_timestamp: null,
    is_live: true,
  }
  expect(rowsOf(manager)).toEqual([partition, empty])
  await manager.poll()
  expect(rowsOf(manager)).toEqual([{ ...partition, released_offset: 1n }, empty])
  expect(manager.getPrimingWatermark()).toBe(TIME + 30)
  await manager.poll()
  const end = { ...partition, released_offset: 3n, late_records: 1n, is_live: true }
  expect(rowsOf(manager)).toEqual([end, empty])
  expect(manager.getPrimingWatermark()).toBeNull()
  expect(manager.heldMessageCount()).toBe(0)

  await manager.close()
  expect(rowsOf(manager)).toEqual([end, empty])
})

test('partitionState shows a start in the middle as the start of the replay', async () => {
  cluster.createTopic('t')
  await writeLog(
    config,
    [10, 20, 30].map((time) => ({ topic: 't', partition: 0, timestamp: TIME + time })),
  )
  await using manager = await create([], {
    topics: [SourceTopic.fromAbsoluteTime('t', TIME + 15)],
  })
  expect(rowsOf(manager)).toMatchObject([{ replay_start_offset: 1n, replay_end_offset: 3n }])
  expect(await replayOf(manager)).toHaveLength(2)
  await using atEnd = await create([], { topics: [SourceTopic.fromLatest('t')] })
  expect(rowsOf(atEnd)).toMatchObject([{ replay_start_offset: 3n, replay_end_offset: 3n }])
})

test('a partition that runs ahead is paused until the others catch up', async () => {
  cluster.createTopic('t', { partitions: 2 })
  const producer = await Producer.create({ config: { ...config, 'batch.num.messages': 5 } })
  const value = new Uint8Array(20_000)
  for (let i = 0; i < 400; i++) {
    // Partition 0 is older than partition 1 from the first record to the last.
    const partition = i < 200 ? 0 : 1
    await producer.send({ topic: 't', partition, timestamp: TIME + i, value })
  }
  await producer.close()
  await using manager = await create(['t'], { maxBufferedBytes: MIB, batchSize: 10 })
  const paused = () => rowsOf(manager).map(({ is_paused }) => is_paused)
  await until('both are full', () => manager.pausedPartitionCount() >= 1 && paused()[1] === true)
  const held = manager.heldMessageCount()
  expect(held).toBeGreaterThan(10)
  // The budget, and what one fetch of each partition may add to it.
  expect(held * value.length).toBeLessThan(3 * MIB)
  let rows = 0
  while (rows < 150) rows += (await manager.poll()).numRows
  expect(paused()[1]).toBe(true)
  while (!manager.isLive()) rows += (await manager.poll()).numRows
  expect(rows).toBe(400)
  expect(paused()).toEqual([false, false])
  expect(manager.pausedPartitionCount()).toBe(0)
})
