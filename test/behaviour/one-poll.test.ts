import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { rowsOf } from '../support/rows.js'
import { until } from '../support/until.js'

const TIME = 1_700_000_000_000

let cluster: MockCluster
let producer: Producer
beforeEach(async () => {
  cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 2 })
  producer = await Producer.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers, 'linger.ms': 0 },
  })
})
afterEach(async () => {
  await producer.close()
  await cluster.close()
})

const create = (options: StreamOptions = {}) =>
  ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
    topics: [SourceTopic.fromEarliest('t')],
    ...options,
  })

async function send(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await producer.send({ topic: 't', partition: i % 2, timestamp: TIME + i, value: `${i}` })
  }
  await producer.flush()
}

const offsets = async (polled: ReturnType<ConsumerManager['poll']>) =>
  rowsOf(await polled).map(({ partition, offset }) => 2 * Number(offset) + partition)
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

test('a second poll is refused, and the first one gets its rows', async () => {
  await using manager = await create()
  const first = manager.poll(30_000)
  await expect(manager.poll(0)).rejects.toMatchObject({ code: 'ERR_BUSY', retriable: true })
  await expect(manager.poll(0)).rejects.toMatchObject({ code: 'ERR_BUSY' })
  await send(1)
  expect(await offsets(first)).toEqual([0])
})

describe('an abort', () => {
  test('leaves the rows for the next poll when it comes before them', async () => {
    await using manager = await create()
    const abort = new AbortController()
    const polled = manager.poll(30_000, { signal: abort.signal })
    const reason = new Error('changed my mind')
    abort.abort(reason)
    await expect(polled).rejects.toBe(reason)
    await send(1)
    expect(await offsets(manager.poll(30_000))).toEqual([0])
  })

  test('loses and repeats no row when a batch is ready', async () => {
    await send(100)
    await using manager = await create({ batchSize: 10 })
    await until('all is fetched', () => manager.heldMessageCount() === 100)
    for (let batch = 0; batch < 10; batch++) {
      const abort = new AbortController()
      const polled = manager.poll(30_000, { signal: abort.signal })
      abort.abort()
      await expect(polled).rejects.toThrow('aborted')
      expect(manager.heldMessageCount()).toBe(100 - 10 * batch)
      expect(await offsets(manager.poll(30_000))).toEqual(upTo(10 * batch, 10 * batch + 10))
    }
    expect(manager.isLive()).toBe(true)
  })

  test('loses and repeats no row whenever it comes', async () => {
    await send(1_000)
    await using manager = await create({ batchSize: 7 })
    const seen: number[] = []
    while (!manager.isLive()) {
      const signal = AbortSignal.timeout(1)
      try {
        seen.push(...(await offsets(manager.poll(30_000, { signal }))))
      } catch (error) {
        expect(error).toBe(signal.reason)
      }
    }
    expect(seen).toEqual(upTo(0, 1_000))
  })
})

test('a batch is ready before it is asked for, and the state tells of none but those read', async () => {
  await send(40)
  await using manager = await create({ batchSize: 10 })
  await until('all is fetched', () => manager.heldMessageCount() === 40)
  const released = () => [...(manager.partitionState().getChild('released_offset') ?? [])]
  expect(released()).toEqual([null, null])
  expect(manager.getPrimingWatermark()).toBeNull()
  for (const batch of [1, 2, 3, 4]) {
    expect(await offsets(manager.poll(30_000))).toHaveLength(10)
    // What is ready needs no broker.
    if (batch === 1) cluster.setBrokerDown(1, true)
    expect(released()).toEqual([BigInt(5 * batch - 1), BigInt(5 * batch - 1)])
    expect(manager.heldMessageCount()).toBe(40 - 10 * batch)
    expect(manager.isLive()).toBe(batch === 4)
    expect(manager.getPrimingWatermark()).toBe(batch === 4 ? null : TIME + 10 * batch)
  }
})

test('between two polls the event loop turns, also when the next batch is ready', async () => {
  await send(600)
  await using manager = await create({ batchSize: 1 })
  await until('all is fetched', () => manager.heldMessageCount() === 600)
  let turns = 0
  let counting = true
  const count = () => {
    turns++
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  const turnsAtPolls: number[] = []
  for (let i = 0; i < 500; i++) {
    await manager.poll()
    turnsAtPolls.push(turns)
  }
  counting = false
  expect(new Set(turnsAtPolls).size).toBe(500)
})
