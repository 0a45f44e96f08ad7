import {
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { take } from '../support/read-rows.js'
import { rowsOf } from '../support/rows.js'
import { DEADLINE_MS, until } from '../support/until.js'

const TIME = 1_700_000_000_000

let cluster: MockCluster
let config: Record<string, string>
let producer: Producer
beforeEach(async () => {
  cluster = MockCluster.start({ brokers: 2 })
  cluster.createTopic('t', { partitions: 3 })
  config = { 'bootstrap.servers': cluster.bootstrapServers }
  producer = await Producer.create({ config: { ...config, 'linger.ms': 0 } })
})
afterEach(async () => {
  await producer.close()
  await cluster.close()
})

const create = (options: StreamOptions & Partial<KafkaOptions> = {}) =>
  ConsumerManager.create({ config, topics: [SourceTopic.fromEarliest('t')], ...options })

/** `[partition, time]` of each record. */
async function send(...records: [partition: number, time: number][]): Promise<void> {
  for (const [partition, time] of records) {
    await producer.send({ topic: 't', partition, timestamp: TIME + time, value: `${time}` })
  }
  await producer.flush()
}

/** A poll, as `[times, isLive() after it]`. */
async function poll(
  manager: ConsumerManager,
  timeoutMs = DEADLINE_MS,
): Promise<[number[], boolean]> {
  const rows = rowsOf(await manager.poll(timeoutMs))
  return [rows.map(({ timestamp }) => Number(timestamp) - TIME), manager.isLive()]
}

test('a batch is cut where the replay ends, and isLive() turns true exactly there', async () => {
  await send([0, 1], [1, 2], [2, 3], [0, 4], [1, 5])
  await using manager = await create({ batchSize: 3 })
  await send([2, 6], [0, 7])
  await until('all is fetched', () => manager.heldMessageCount() === 7)
  expect(manager.isLive()).toBe(false)
  expect(await poll(manager)).toEqual([[1, 2, 3], false])
  expect(await poll(manager)).toEqual([[4, 5], true])
  expect(await poll(manager)).toEqual([[6, 7], true])
})

test('isLive() turns true with the last batch of the replay also where it is full', async () => {
  await send([0, 1], [1, 2], [2, 3], [0, 4])
  await using manager = await create({ batchSize: 2 })
  expect(await poll(manager)).toEqual([[1, 2], false])
  expect(await poll(manager)).toEqual([[3, 4], true])
})

test('a batch without rows carries the switch where the end is known only later', async () => {
  await send([0, 1])
  cluster.setLeader('t', 1, 2)
  cluster.setLeader('t', 0, 1)
  // Two record batches that fill what the budget allows the partition, so that what comes after
  // them is not fetched before they are read: an aborted transaction, which has no rows.
  const one = await Producer.create({ config: { ...config, 'batch.num.messages': 1 } })
  await one.send({ topic: 't', partition: 1, timestamp: TIME + 2, value: new Uint8Array(900_000) })
  await one.send({ topic: 't', partition: 1, timestamp: TIME + 3, value: new Uint8Array(300_000) })
  await one.close()
  const aborted = await Producer.create({ config: { ...config, 'transactional.id': 'a' } })
  await aborted.beginTransaction()
  await aborted.send({ topic: 't', partition: 1, timestamp: TIME + 4, value: 'aborted' })
  await aborted.flush()
  await aborted.abortTransaction()
  await aborted.close()

  await using manager = await create({ maxBufferedBytes: 1024 * 1024, batchSize: 1 })
  await until('partition 1 is paused', () => manager.pausedPartitionCount() === 1)
  cluster.setBrokerDown(2, true)
  for (const time of [1, 2, 3]) expect(await poll(manager)).toEqual([[time], false])
  expect(await poll(manager, 300)).toEqual([[], false])
  cluster.setBrokerDown(2, false)
  expect(await poll(manager)).toEqual([[], true])
  expect([...(manager.partitionState().getChild('replay_end_offset') ?? [])]).toEqual([1n, 4n, 0n])
})

test('each partition is live when its own replay is released', async () => {
  await send([0, 1], [1, 2], [0, 3], [1, 9])
  await using manager = await create({ batchSize: 1 })
  const isLive = () => [...(manager.partitionState().getChild('is_live') ?? [])]
  // Partition 2 has nothing to replay.
  expect(isLive()).toEqual([false, false, true])
  await poll(manager)
  await poll(manager)
  expect(isLive()).toEqual([false, false, true])
  await poll(manager)
  expect(isLive()).toEqual([true, false, true])
  expect(await poll(manager)).toEqual([[9], true])
  expect(isLive()).toEqual([true, true, true])
})

test('a manager is live from the start with nothing to replay', async () => {
  await using manager = await create()
  expect(manager.isLive()).toBe(true)
  expect(manager.getPrimingWatermark()).toBeNull()
  expect(await poll(manager, 0)).toEqual([[], true])
  await send([1, 5])
  expect(await poll(manager)).toEqual([[5], true])
})

test('from latest nothing is replayed, and what comes is not missed', async () => {
  await send([0, 1], [1, 2], [2, 3])
  await using manager = await create({ topics: [SourceTopic.fromLatest('t')] })
  expect(manager.isLive()).toBe(true)
  await send([0, 4], [1, 5])
  const rows = await take(manager, 2)
  expect(rows.map(({ offset }) => offset)).toEqual([1n, 1n])
})

test('what arrived during the replay comes in live at once, in merge order', async () => {
  await send([0, 1], [1, 2])
  await using manager = await create()
  await send([2, 30], [1, 20], [0, 10], [2, 31], [1, 21], [0, 11])
  await until('all is fetched', () => manager.heldMessageCount() === 8)
  expect(await poll(manager)).toEqual([[1, 2], true])
  expect(await poll(manager)).toEqual([[10, 11, 20, 21, 30, 31], true])
})

test('in live a slow partition does not delay others', async () => {
  await send([0, 1], [1, 2])
  cluster.setLeader('t', 0, 1)
  cluster.setLeader('t', 1, 2)
  await using manager = await create()
  while (!manager.isLive()) await manager.poll()
  cluster.setBrokerDown(2, true)
  await send([0, 10])
  expect(await poll(manager)).toEqual([[10], true])
})
