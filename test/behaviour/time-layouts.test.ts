import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { openCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf, nameOf } from '../support/rows.js'
import { type LogRecord, writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const MIB = 1024 * 1024
const RECORDS = 6_000

/** Which partition the i-th record in time is written to. */
const layouts: Record<string, (i: number, partitions: number) => number> = {
  random: (i, partitions) => (Math.imul(i + 1, 0x9e3779b1) >>> 8) % partitions,
  blocked: (i, partitions) => Math.floor(i / 50) % partitions,
  'one after another': (i, partitions) => Math.floor((i * partitions) / RECORDS),
  reversed: (i, partitions) => partitions - 1 - Math.floor((i * partitions) / RECORDS),
}

const readings: (StreamOptions & { timeoutMs: number })[] = [
  { timeoutMs: Number.POSITIVE_INFINITY, maxBufferedBytes: 16 * MIB },
  { timeoutMs: 0, batchSize: 100 },
  { timeoutMs: 1, batchSize: 997, maxBufferedBytes: 64 * MIB },
  { timeoutMs: 1_000, maxBatchBytes: 2048, maxBufferedBytes: 16 * MIB },
]

const cases = [1, 8, 256].flatMap((partitions) =>
  Object.keys(layouts).map((layout) => [layout, partitions] as const),
)

test.each(cases)(
  'a replay is in order, whatever the layout: %s, %i partitions',
  async (layout, partitions) => {
    await using cluster = openCluster()
    const topic = await cluster.createTopic('t', partitions)
    const { config } = cluster
    const log = await writeLog(
      { ...config, 'compression.codec': 'lz4', 'batch.num.messages': 500 },
      Array.from({ length: RECORDS }, (_, i): LogRecord => {
        const partition = (layouts[layout] as (typeof layouts)[string])(i, partitions)
        // Three records at a time share a timestamp.
        const timestamp = TIME + Math.floor(i / 3)
        return { topic, partition, timestamp, key: `${i}`, value: 'v'.repeat(i % 40) }
      }),
    )
    const { replay } = expectedOf(log)
    for (const { timeoutMs, ...options } of readings) {
      await using manager = await ConsumerManager.create({
        config,
        topics: [SourceTopic.fromEarliest(topic)],
        ...options,
      })
      const rows = await replayOf(manager, timeoutMs)
      if (digestOf(rows) !== digestOf(replay)) {
        expect(rows.map(nameOf)).toEqual(replay.map(nameOf))
        throw new Error('the order is right, keys or values are not')
      }
    }
  },
  60_000,
)
