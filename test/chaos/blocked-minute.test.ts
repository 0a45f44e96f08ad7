import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { replayOf, take } from '../support/read-rows.js'
import { digestOf, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

// test/faults/callers.test.ts has the same for two seconds.
const BLOCKED_MS = 61_000
const RECORDS = 200_000
const MIB = 2 ** 20

let cluster: MockCluster
beforeAll(() => {
  cluster = MockCluster.start()
})
afterAll(() => cluster.close())

test('an event loop that is blocked for a minute loses nothing, takes no memory, and nothing stalls', async () => {
  cluster.createTopic('replay', { partitions: 3 })
  cluster.createTopic('live')
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  const written = await writeLog(
    config,
    Array.from({ length: RECORDS }, (_, i) => ({
      topic: 'replay',
      partition: i % 3,
      timestamp: 1_000 + i,
      value: `${i} ${'x'.repeat(200)}`,
    })),
  )
  const options = { config, batchSize: 500, maxBufferedBytes: MIB }
  await using replay = await ConsumerManager.create({
    ...options,
    topics: [SourceTopic.fromEarliest('replay')],
  })
  await using live = await ConsumerManager.create({
    ...options,
    topics: [SourceTopic.fromEarliest('live')],
  })
  await using producer = await Producer.create({ config: { ...config, 'linger.ms': 0 } })

  const first = rowsOf(await replay.poll())
  const polls = [replay.poll(), live.poll(10 * BLOCKED_MS)] as const
  for (let i = 0; i < 100; i++)
    await producer.send({ topic: 'live', value: `${i}`, timestamp: 1_000 })
  const rss = process.memoryUsage.rss()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS)
  expect(process.memoryUsage.rss() - rss).toBeLessThan(32 * MIB)

  const rows = first.concat(rowsOf(await polls[0]), await replayOf(replay))
  expect(digestOf(rows)).toBe(digestOf(written))
  const lived = rowsOf(await polls[1])
  lived.push(...(await take(live, 100 - lived.length)))
  expect(lived.map(({ offset }) => Number(offset))).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  )
}, 300_000)
