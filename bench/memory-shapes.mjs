import { recordsIn, workload, workloadOf } from './workloads.mjs'

const MIB = 2 ** 20
const VALUES = { records: 16_000, bytes: 100_000 }
const RANDOM = { partitions: 256, records: 9_000_000, load: { 'random-percent': 100 } }
const SMALL = { partitions: 1_000, records: 5_000_000, load: { 'batch-records': 136 } }

const scaled = (records, scale) => Math.max(1, Math.round(records * scale))
/** The number of records of a repeated shape, for a quick run. */
export const recordsOf = ({ records }, scale) => scaled(records, scale)

const repeated = (codec, { records, bytes, inHeaders = false }) => ({
  ...{ repeated: { codec, records, bytes, inHeaders } },
  options: { maxBufferedBytes: 8 * MIB },
})
const loaded = (name, shape) => ({
  work: (scale) => workloadOf(name, shape, scaled(shape.records, scale)),
  options: {},
})
const listed = (name, records = recordsIn(name), options = {}) => ({
  work: (scale) => workload(name, scaled(records, scale)),
  options,
})

/**
 * What `npm run memory` measures. `repeated` is a topic of one partition on the mock cluster, whose
 * records are all alike; `work(scale)` one that native/load.cc writes. `options` are those of `create`.
 */
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
    ...loaded('256-random-1m', RANDOM),
  },
  '256-json': {
    title: '256 partitions, JSON of 200 B, record batches of 1 MB',
    ...listed('256-json-1m'),
  },
  '8-100b': {
    title: '8 partitions, 100 B, record batches of 1 MB',
    ...listed('8-lz4', 9_000_000),
  },
  '8-reversed': {
    title: '8 partitions in reversed order of time, 100 B, a budget of 32 MiB',
    ...listed('8-reversed', 9_000_000, { maxBufferedBytes: 32 * MIB }),
  },
  '1000-16k': {
    title: '1,000 partitions, 100 B, record batches of 16 KB',
    ...loaded('1000-16k', SMALL),
  },
}
