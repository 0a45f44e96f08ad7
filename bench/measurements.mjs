/**
 * What is measured, in the order in which it is shown. `kind` is a file in measurements/; `sets` are
 * those that it belongs to, `charts` those of charts.mjs that are shown with it, `note` what a reader
 * must know of the figures. A replay reads the topics of its workloads (workloads.mjs).
 */
const replay = (workload, title, sets, further = {}) => ({
  ...{ name: workload, title, kind: 'replay', workloads: [workload], contenders: 'yardsticks' },
  ...{ sets: ['full', ...sets], ...further },
})

export const MEASUREMENTS = [
  replay('8-lz4', 'Replay of 8 partitions: tidemark and its peers', ['default', 'guard'], {
    ...{ contenders: 'all', charts: ['clients', 'throughput', 'cpu'] },
  }),
  replay('1-lz4', 'Replay of one partition', ['default', 'guard'], { charts: ['partitions'] }),
  replay('64-lz4', 'Replay of 64 partitions', []),
  replay('256-lz4', 'Replay of 256 partitions', ['default', 'guard']),
  replay('1000-lz4', 'Replay of 1,000 partitions', []),
  {
    ...{ name: 'layouts', title: 'Layouts of time over 8 partitions', kind: 'replay' },
    workloads: ['8-interleaved', '8-random', '8-blocks', '8-one-after-another', '8-reversed'],
    ...{ contenders: 'yardsticks', sets: ['full'], charts: ['layouts'] },
  },
  replay('8-1k', 'Values of 1 KiB', ['default']),
  replay('8-mixed', 'Values of 16 B to 64 KB, mixed', []),
  replay('8-none', 'Uncompressed', [], { charts: ['codecs'] }),
  replay('8-gzip', 'gzip', []),
  replay('8-snappy', 'snappy', []),
  replay('8-zstd', 'zstd', []),
  replay('8-single', 'Record batches of one record', ['guard']),
  replay('8-ten', 'Record batches of 10 records', ['default', 'guard']),
  ...[1, 8, 256].flatMap((partitions) =>
    Object.entries({ '5k': '5 KB', '16k': '16 KB', '1m': '1 MB' }).map(([size, bytes]) =>
      replay(
        `${partitions}-json-${size}`,
        `JSON of 200 B, ${partitions === 1 ? 'one partition' : `${partitions} partitions`}, record batches of ${bytes}`,
        [],
      ),
    ),
  ),
  {
    ...{ name: 'start-up-8', title: 'Start-up, 8 partitions', kind: 'start-up' },
    ...{ workloads: ['8-lz4'], sets: ['default', 'full'], charts: ['start-up-8'] },
  },
  {
    ...{ name: 'start-up-1000', title: 'Start-up, 1,000 partitions', kind: 'start-up' },
    ...{ workloads: ['1000-lz4'], sets: ['full'], charts: ['start-up-1000'] },
  },
  {
    ...{ name: 'capture', title: 'Replay of 8 partitions with a capture', kind: 'capture' },
    ...{ workloads: ['8-lz4'], sets: ['full'] },
  },
  {
    ...{ name: 'memory', title: 'Memory', kind: 'memory' },
    ...{ workloads: ['8-lz4'], sets: ['default', 'full'] },
  },
  {
    ...{ name: 'live-1000', title: 'Live, 1,000 records a second', kind: 'live' },
    ...{ rate: 1_000, sets: ['default', 'full'], charts: ['live-1000'] },
  },
  {
    ...{ name: 'live-50000', title: 'Live, 50,000 records a second', kind: 'live' },
    ...{ rate: 50_000, sets: ['full'], charts: ['live-50000'] },
    note:
      'Two cores may be too few for producer, Kafka and reader at this rate. Then records queue up ' +
      'before the reader, and the latencies are those of the queue. If the loop in C also has hundreds ' +
      'of milliseconds, only the CPU figures mean anything, not the differences in latency.',
  },
  {
    ...{ name: 'segments', title: 'Replay of log segments of 8 partitions, without a broker' },
    ...{ kind: 'segments', workloads: ['8-lz4'], sets: ['full'] },
  },
  {
    ...{ name: 'micro', title: 'Decoder, columns and merge without Kafka', kind: 'micro' },
    ...{ sets: ['full'], charts: ['micro'] },
  },
]

/**
 * `records` caps the size of a topic, `peerRecords` what a slow contender reads of it;
 * `liveSeconds` is how long records are sent to each contender in live.
 */
export const SETS = {
  default: { runs: 3, records: 5_000_000, peerRecords: 500_000, liveSeconds: 5 },
  full: { runs: 5, records: Infinity, peerRecords: 2_000_000, liveSeconds: 10 },
  guard: { runs: 5, records: 4_000_000, peerRecords: 500_000, liveSeconds: 5 },
}
