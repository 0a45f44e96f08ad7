/**
 * What there is to read. `topic` is kept on the broker from one run to the next; `load` holds the
 * further arguments of bench/native/load.cc, whose head tells their meaning and defaults.
 */
export const WORKLOADS = {
  '8-lz4': { partitions: 8, records: 20_000_000 },
  '1-lz4': { partitions: 1, records: 10_000_000 },
  '256-lz4': { partitions: 256, records: 10_000_000, load: { 'batch-records': 1_000 } },
  '1000-lz4': { partitions: 1_000, records: 5_000_000, load: { 'batch-records': 500 } },
  '8-1k': {
    partitions: 8,
    records: 2_000_000,
    load: { 'value-size': 1_024, 'random-percent': 90, layout: 'random', 'batch-records': 860 },
  },
  '8-afteranother': {
    partitions: 8,
    records: 10_000_000,
    load: { layout: 'one-after-another' },
  },
  '8-single': { partitions: 8, records: 1_000_000, load: { 'batch-records': 1 } },
}

/** The workload of that name, with other sizes where they are given: then its topic is another. */
export function workload(name, { partitions, records } = {}) {
  const found = WORKLOADS[name]
  if (!found) throw new Error(`no workload ${name}; ${Object.keys(WORKLOADS).join(', ')}`)
  const sizes = {
    partitions: partitions ?? found.partitions,
    records: records ?? found.records,
  }
  const isOther = sizes.partitions !== found.partitions || sizes.records !== found.records
  const suffix = isOther ? `-${sizes.partitions}x${sizes.records}` : ''
  return { name, topic: `bench-${name}${suffix}`, load: {}, ...found, ...sizes }
}
