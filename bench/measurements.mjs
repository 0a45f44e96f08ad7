/**
 * What is measured, in the order in which it is shown. `kind` is a file in measurements/; `sets` are
 * those that it belongs to. A replay reads the topics of its workloads (workloads.mjs).
 */
const replay = (workload, sets, contenders = 'yardsticks') => ({
  ...{ name: workload, kind: 'replay', workloads: [workload], contenders },
  sets: ['full', ...sets],
})

export const MEASUREMENTS = [
  replay('8-lz4', ['default', 'guard'], 'all'),
  replay('1-lz4', ['default', 'guard']),
  replay('64-lz4', []),
  replay('256-lz4', ['default', 'guard']),
  replay('1000-lz4', []),
  {
    name: 'layouts',
    kind: 'replay',
    workloads: ['8-interleaved', '8-random', '8-blocks', '8-one-after-another', '8-reversed'],
    contenders: 'yardsticks',
    sets: ['full'],
  },
  replay('8-1k', ['default']),
  replay('8-mixed', []),
  replay('8-none', []),
  replay('8-gzip', []),
  replay('8-snappy', []),
  replay('8-zstd', []),
  replay('8-single', ['guard']),
  replay('8-ten', ['default', 'guard']),
  { name: 'start-up-8', kind: 'start-up', workloads: ['8-lz4'], sets: ['default', 'full'] },
  { name: 'start-up-1000', kind: 'start-up', workloads: ['1000-lz4'], sets: ['full'] },
  { name: 'memory', kind: 'memory', workloads: ['8-lz4'], sets: ['default', 'full'] },
  { name: 'live-1000', kind: 'live', rate: 1_000, sets: ['default', 'full'] },
  { name: 'live-50000', kind: 'live', rate: 50_000, sets: ['full'] },
  { name: 'core', kind: 'core', sets: ['full'] },
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
