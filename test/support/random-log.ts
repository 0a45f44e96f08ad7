import fc from 'fast-check'
import type { LogRecord } from './write-log.js'

const TIME = 1_700_000_000_000n

/** Sorted by their bytes they stand in another order than by a dictionary. */
const TOPIC_NAMES = ['b', 'B', '_b', 'b-0', 'b.0', 'b0']

export interface RandomLog {
  topics: { name: string; partitions: number }[]
  records: LogRecord[]
  /** Properties of the producer. */
  producer: Record<string, string | number>
}

/** Few values, so that ties and late records are common. */
const nearTimestamp = fc.integer({ min: 0, max: 30 }).map((ms) => TIME + BigInt(ms))

const timestamp = fc.oneof(
  { weight: 12, arbitrary: nearTimestamp },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.bigInt({ min: -50n, max: -2n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 1n, max: 10n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: TIME * 2n, max: 2n ** 62n - 1n }) },
)

const bytes = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.constant(new Uint8Array(0)) },
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat({ max: 255 }), fc.integer({ min: 500, max: 20_000 }))
      .map(([byte, length]) => new Uint8Array(length).fill(byte)),
  },
)

const headers = fc.option(
  fc.array(fc.tuple(fc.string({ maxLength: 5 }), bytes), { maxLength: 3 }),
  { nil: undefined, freq: 3 },
)

const producer = fc.record({
  'compression.codec': fc.constantFrom('none', 'gzip', 'snappy', 'lz4', 'zstd'),
  'batch.num.messages': fc.constantFrom(1, 2, 7, 100, 10_000),
  'batch.size': fc.constantFrom(1_000, 50_000, 1_000_000),
})

export const randomLog: fc.Arbitrary<RandomLog> = fc
  .record({
    names: fc.shuffledSubarray(TOPIC_NAMES, { minLength: 1, maxLength: 3 }),
    counts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }),
    producer,
  })
  .chain(({ names, counts, producer }) => {
    const topics = names.map((name, i) => ({ name, partitions: counts[i] as number }))
    const place = fc.constantFrom(
      ...topics.flatMap(({ name, partitions }) =>
        Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
      ),
    )
    const record = fc
      .record({ place, timestamp, key: bytes, value: bytes, headers })
      .map(({ place, ...record }) => ({ ...place, ...record }))
    return fc.record({
      topics: fc.constant(topics),
      records: fc.array(record, { maxLength: 300, size: 'max' }),
      producer: fc.constant(producer),
    })
  })

/** How a log is read. */
export interface Reading {
  batchSize: number
  maxBatchBytes: number
  maxBufferedBytes: number
  /** Of each poll. */
  timeoutMs: number
}

export const reading: fc.Arbitrary<Reading> = fc.record({
  batchSize: fc.constantFrom(1, 2, 7, 100, 10_000),
  maxBatchBytes: fc.constantFrom(1024, 20_000, 64 * 1024 * 1024),
  maxBufferedBytes: fc.constantFrom(2 * 1024 * 1024, 256 * 1024 * 1024),
  timeoutMs: fc.constantFrom(0, 1, 50, 10_000, Number.POSITIVE_INFINITY),
})

/** Whole milliseconds in or about the range of the common timestamps, which are past 1970. */
export const pointInTime = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -1, max: 32 }).map((ms) => TIME + BigInt(ms)) },
  { weight: 1, arbitrary: fc.constantFrom(5n, TIME * 3n) },
)
