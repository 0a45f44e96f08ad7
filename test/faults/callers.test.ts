import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { replayOf, take } from '../support/read-rows.js'
import { digestOf, type Row, rowsOf } from '../support/rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const RECORDS = 20_000
/** Longer than the stall timeout below. test/chaos/blocked-minute.test.ts takes a whole minute. */
const BLOCKED_MS = 2_000

let cluster: MockCluster
let written: Row[]
beforeAll(async () => {
  cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 3 })
  written = await writeLog(
    { 'bootstrap.servers': cluster.bootstrapServers },
    Array.from({ length: RECORDS }, (_, i) => ({
      topic: 't',
      partition: i % 3,
      timestamp: 1_000 + i,
      value: `${i} ${'x'.repeat(100)}`,
    })),
  )
})
afterAll(() => cluster.close())

const open = (options: object = {}) =>
  ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
    topics: [SourceTopic.fromEarliest('t')],
    batchSize: 500,
    maxBufferedBytes: 1 << 20,
    stallTimeoutMs: 500,
    ...options,
  })

function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('an event loop that is blocked in a replay loses nothing, and nothing stalls', async () => {
  await using manager = await open()
  const rows = rowsOf(await manager.poll())
  const polling = manager.poll()
  block(BLOCKED_MS)
  rows.push(...rowsOf(await polling))
  block(BLOCKED_MS)
  rows.push(...(await replayOf(manager)))
  expect(digestOf(rows)).toBe(digestOf(written))
})

test('an event loop that is blocked in live loses nothing, and nothing stalls', async () => {
  cluster.createTopic('live')
  await using manager = await open({ topics: [SourceTopic.fromEarliest('live')] })
  const config = { 'bootstrap.servers': cluster.bootstrapServers, 'linger.ms': 0 }
  await using producer = await Producer.create({ config })
  for (let i = 0; i < 100; i++)
    await producer.send({ topic: 'live', value: `${i}`, timestamp: 1_000 })
  const polling = manager.poll(60_000)
  block(BLOCKED_MS)
  await producer.flush()
  const rows = rowsOf(await polling)
  rows.push(...(await take(manager, 100 - rows.length)))
  expect(rows.map(({ offset }) => Number(offset))).toEqual(Array.from({ length: 100 }, (_, i) => i))
})

test('an error that is thrown in the loop that polls leaves the stream where it was', async () => {
  await using manager = await open()
  const rows: Row[] = []
  let loops = 0
  while (!manager.isLive()) {
    loops++
    try {
      for await (const batch of manager.batches({ autoRelease: true, timeoutMs: 50 })) {
        rows.push(...rowsOf(batch))
        if (rows.length < RECORDS && loops < 20) throw new Error('of the caller')
        break
      }
    } catch (error) {
      expect(error).toMatchObject({ message: 'of the caller' })
    }
  }
  expect(loops).toBeGreaterThan(10)
  expect(digestOf(rows)).toBe(digestOf(written))
})

test('a buffer that is kept stays as it is, also after the manager is closed', async () => {
  const manager = await open()
  const batch = await manager.poll()
  const values = batch.getChild('value')?.data[0]?.values as Uint8Array
  const before = Buffer.from(values).toString('hex')
  await replayOf(manager)
  await manager.close()
  expect(Buffer.from(values).toString('hex')).toBe(before)
  expect(rowsOf(batch)).toEqual(written.slice(0, batch.numRows))
})

test('after close: polls are refused, the state is told, and close and release do nothing', async () => {
  const manager = await open()
  const batch = await manager.poll()
  await manager.close()
  await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  for await (const _ of manager) throw new Error('a closed manager has no batches')
  expect(manager.isLive()).toBe(false)
  expect(manager.partitionState().numRows).toBe(3)
  expect(manager.heldMessageCount()).toBe(0)
  manager.release(batch)
  manager.release(batch)
  await manager.close()
})

test('a poll that was refused as the second one changes nothing', async () => {
  await using manager = await open()
  const first = manager.poll()
  await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_BUSY', retriable: true })
  const rows = rowsOf(await first)
  await until('the next batch is ready', () => manager.heldMessageCount() > 0)
  rows.push(...(await replayOf(manager)))
  expect(digestOf(rows)).toBe(digestOf(written))
})
