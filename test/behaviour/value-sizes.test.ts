import { createCipheriv } from 'node:crypto'
import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { openCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf, nameOf } from '../support/rows.js'
import { type LogRecord, writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const MIB = 1024 * 1024

/** Past each power of two at which something in librdkafka or here grows, is split or is cut. */
const SIZES = [0, 1, 127, 128, 8_191, 65_536, 1_048_577, 5_000_000]

/** Compresses badly, and repeats within larger values. */
const NOISE = createCipheriv('aes-128-ctr', 'k'.repeat(16), 'i'.repeat(16)).update(
  Buffer.alloc(99_991),
)

const readings: StreamOptions[] = [
  {},
  { batchSize: 1 },
  { maxBatchBytes: 1024 },
  { maxBufferedBytes: MIB },
]

test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
  'values from 0 bytes to 5 MB come out as written, codec %s',
  async (codec) => {
    await using cluster = openCluster()
    const topic = await cluster.createTopic('t', 3)
    const { config } = cluster
    const log = await writeLog(
      { ...config, 'compression.codec': codec, 'message.max.bytes': 6_000_000 },
      Array.from({ length: 2 * SIZES.length }, (_, i): LogRecord => {
        const size = SIZES[Math.floor(i / 2)] as number
        return {
          topic,
          partition: (i + Math.floor(i / 5)) % 3,
          timestamp: TIME + i,
          key: size % 2 === 0 ? null : 'k'.repeat(size / 100),
          value: Buffer.alloc(size, NOISE.subarray(i)),
        }
      }),
    )
    const { replay } = expectedOf(log)
    const expected = digestOf(replay)
    for (const options of readings) {
      await using manager = await ConsumerManager.create({
        config,
        topics: [SourceTopic.fromEarliest(topic)],
        ...options,
      })
      const rows = await replayOf(manager)
      // First, to tell a record that was written twice from one that was changed.
      expect(rows.map(nameOf)).toEqual(replay.map(nameOf))
      expect(digestOf(rows)).toBe(expected)
    }
  },
  60_000,
)
