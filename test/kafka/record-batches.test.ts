import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf, nameOf } from '../support/rows.js'
import { type LogRecord, writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const RECORDS = 1_500
const MIB = 2 ** 20

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

/** Null, empty and other keys and values, with and without headers, and times that step back. */
function recordOf(topic: string, i: number): LogRecord {
  const bytes = [null, '', 'x', 'some bytes '.repeat(i % 50)]
  return {
    topic,
    partition: i % 3,
    timestamp: TIME + i * 10 - (i % 7 === 0 ? 25 : 0),
    key: bytes[i % 4],
    value: bytes[(i >> 2) % 4],
    ...(i % 5 === 0 && {
      headers: [
        ['a', 'b'],
        ['a', null],
        ['', ''],
      ] as [string, string | null][],
    }),
  }
}

const cases = ['none', 'gzip', 'snappy', 'lz4', 'zstd'].flatMap((codec) =>
  [1, 10, 1_000].map((size) => [codec, size] as const),
)

test.each(cases)(
  'records come out as they were written, codec %s, %i in a record batch',
  async (codec, size) => {
    const topic = await cluster.createTopic('batches', 3)
    const config = {
      ...cluster.config,
      'compression.codec': codec,
      'batch.num.messages': size,
      'linger.ms': 50,
    }
    const log = await writeLog(
      config,
      Array.from({ length: RECORDS }, (_, i) => recordOf(topic, i)),
    )
    // From the start, and from within a record batch.
    const middle = TIME + 10 * 777
    for (const [from, startOf] of [
      [SourceTopic.fromEarliest(topic), () => 'earliest' as const],
      [SourceTopic.fromAbsoluteTime(topic, middle), () => ({ epochMs: BigInt(middle) })],
    ] as const) {
      const expected = expectedOf(log, { startOf }).replay
      for (const options of [{}, { maxBufferedBytes: MIB, batchSize: 100 }]) {
        const rows = await replay(from, options)
        expect(rows.map(nameOf)).toEqual(expected.map(nameOf))
        expect(digestOf(rows)).toBe(digestOf(expected))
      }
    }
  },
)

async function replay(from: SourceTopic, options: StreamOptions = {}) {
  const { config } = cluster
  await using manager = await ConsumerManager.create({ config, topics: [from], ...options })
  return await replayOf(manager)
}

test('timestamps that are missing, negative and far in the future come out as written', async () => {
  const topic = await cluster.createTopic('times', 3)
  const timestamps = [null, -2n, 1n, 2n ** 62n, -(2n ** 40n), null, BigInt(TIME), 2n ** 40n]
  const log = await writeLog(
    { ...cluster.config, 'batch.num.messages': 2 },
    Array.from({ length: 24 }, (_, i): LogRecord => {
      const timestamp = timestamps[(i * 5) % timestamps.length] as bigint | null
      return { topic, partition: i % 3, timestamp, value: `${i}` }
    }),
  )
  const expected = expectedOf(log).replay
  const rows = await replay(SourceTopic.fromEarliest(topic))
  expect(rows.map(nameOf)).toEqual(expected.map(nameOf))
})
