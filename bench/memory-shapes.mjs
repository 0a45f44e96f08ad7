import { workload, workloadOf } from './workloads.mjs'

const MIB = 2 ** 20

/**
 * What `npm run memory` measures. `repeated` is a topic of one partition on the mock cluster, whose
 * records are all alike; `work(scale)` one that native/load.cc writes. `options` are those of `create`.
 */
const repeated = (codec, { records, bytes, inHeaders = false }) => ({
  ...{ repeated: { codec, records, bytes, inHeaders } },
  options: { maxBufferedBytes: 8 * MIB },
})
const loaded = (work, options = {}) => ({ work, options })
const named = (name) => loaded((scale) => workload(name, scaled(5_000_000, scale)))
const scaled = (records, scale) => Math.max(1, Math.round(records * scale))
const VALUES = { records: 16_000, bytes: 100_000 }
const RANDOM = { partitions: 256, records: 9_000_000, load: { 'random-percent': 100 } }
const SMALL = { partitions: 1_000, records: 5_000_000, load: { 'batch-records': 136 } }

export const SHAPES = {
  'repeated-zstd': { title: '1.6 GB of one letter, zstd', ...repeated('zstd', VALUES) },
  'repeated-lz4': { title: '1.6 GB of one letter, lz4', ...repeated('lz4', VALUES) },
  'repeated-gzip': { title: '1.6 GB of one letter, gzip', ...repeated('gzip', VALUES) },
  'repeated-snappy': { title: '1.6 GB of one letter, snappy', ...repeated('snappy', VALUES) },
  'repeated-headers': {
    title: '100 MB of headers, zstd',
    ...repeated('zstd', { records: 1_000, bytes: 100_000, inHeaders: true }),
  },
  '256-random': {
    title: '256 partitions, 100 B that do not compress, record batches of 1 MB',
    ...loaded((scale) => workloadOf('256-random-1m', RANDOM, scaled(RANDOM.records, scale))),
  },
  '256-json': {
    title: '256 partitions, JSON of 200 B, record batches of 1 MB',
    ...named('256-json-1m'),
  },
  '8-100b': {
    title: '8 partitions, 100 B, record batches of 1 MB',
    ...loaded((scale) => workload('8-lz4', scaled(9_000_000, scale))),
  },
  '8-reversed': {
    title: '8 partitions in reversed order of time, 1 GiB',
    ...loaded((scale) => workload('8-reversed', scaled(9_000_000, scale)), {
      maxBufferedBytes: 32 * MIB,
    }),
  },
  '1000-16k': {
    title: '1,000 partitions, 100 B, record batches of 16 KB',
    ...loaded((scale) => workloadOf('1000-16k', SMALL, scaled(SMALL.records, scale))),
  },
}

/** The number of records of a repeated shape, for a quick run. */
export const recordsOf = ({ records }, scale) => scaled(records, scale)
