/** A record with 200 bytes of JSON takes 216 in its record batch; lz4 makes a third of them. */
const JSON_BATCHES = { '5k': 24, '16k': 76, '1m': 4_850 }
const json = (partitions, size) => ({
  ...{ partitions, records: 5_000_000 },
  load: { values: 'json', 'value-size': 200, 'batch-records': JSON_BATCHES[size] },
})

/**
 * What there is to read. `load` holds the further arguments of native/load.cc, whose head tells
 * their meaning and defaults: 100-byte values in interleaved order, lz4, large record batches.
 */
const WORKLOADS = {
  '1-lz4': { partitions: 1, records: 20_000_000 },
  '8-lz4': { partitions: 8, records: 20_000_000 },
  '64-lz4': { partitions: 64, records: 20_000_000, load: { 'batch-records': 4_000 } },
  '256-lz4': { partitions: 256, records: 20_000_000, load: { 'batch-records': 1_000 } },
  '1000-lz4': { partitions: 1_000, records: 20_000_000, load: { 'batch-records': 500 } },
  '8-interleaved': { partitions: 8, records: 10_000_000 },
  '8-random': { partitions: 8, records: 10_000_000, load: { layout: 'random' } },
  '8-blocks': { partitions: 8, records: 10_000_000, load: { layout: 'blocks' } },
  '8-one-after-another': {
    partitions: 8,
    records: 10_000_000,
    load: { layout: 'one-after-another' },
  },
  '8-reversed': { partitions: 8, records: 10_000_000, load: { layout: 'reversed' } },
  '8-1k': {
    partitions: 8,
    records: 4_000_000,
    load: { 'value-size': 1_024, 'random-percent': 90, layout: 'random', 'batch-records': 860 },
  },
  '8-mixed': {
    partitions: 8,
    records: 400_000,
    load: { 'value-size': '16-65536', layout: 'random', 'batch-records': 60 },
  },
  '8-none': { partitions: 8, records: 10_000_000, load: { codec: 'none' } },
  '8-gzip': { partitions: 8, records: 10_000_000, load: { codec: 'gzip' } },
  '8-snappy': { partitions: 8, records: 10_000_000, load: { codec: 'snappy' } },
  '8-zstd': { partitions: 8, records: 10_000_000, load: { codec: 'zstd' } },
  '8-single': { partitions: 8, records: 1_000_000, load: { 'batch-records': 1 } },
  ...Object.fromEntries(
    [1, 8, 256].flatMap((partitions) =>
      Object.keys(JSON_BATCHES).map((size) => [
        `${partitions}-json-${size}`,
        json(partitions, size),
      ]),
    ),
  ),
  '8-ten': { partitions: 8, records: 5_000_000, load: { 'batch-records': 10 } },
}

/** How many records the workload of that name has. */
export const recordsIn = (name) => WORKLOADS[name].records

/** The workload of that name with at most `most` records; its topic is kept on the broker. */
export function workload(name, most) {
  return workloadOf(name, WORKLOADS[name], most)
}

/** The same of one that is not in the list. */
export function workloadOf(name, { partitions, records: all, load = {} }, most) {
  const records = Math.min(all, most)
  return { name, topic: `bench-${name}-${records}`, partitions, records, load }
}
