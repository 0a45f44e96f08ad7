// Capture: the same replay with and without one, in records a second and CPU. The stream waits for the
// disk where that is slower (`onError: 'stream'`), so that all of it is captured.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch } from '../launch.mjs'
import { runRounds } from '../rounds.mjs'
import { median, medianRatio, recordsPerSecond } from '../statistics.mjs'
import { loadTopic } from '../topic.mjs'
import { workload } from '../workloads.mjs'

const BATCH_SIZE = 50_000
const WITHOUT = 'tidemark'
const WITH = 'tidemark with a capture'

export async function measure({ workloads: [name] }, bench) {
  const work = workload(name, bench.records)
  loadTopic(bench.bootstrap, work)
  const contender = bench.contenders.find((each) => each.name === 'tidemark')
  const entries = [{ label: WITHOUT }, { label: WITH }]
  const { runs } = await runRounds(entries, {
    count: bench.runs,
    label: ({ label }) => `capture ${label}`,
    mustWork: () => true,
    run: ({ label }) => run(contender, work, bench, label),
    show: (figures) => `${(recordsPerSecond(figures) / 1e6).toFixed(2)} M records/s`,
  })
  const runsOf = (wanted) => runs.filter(({ label }) => label === wanted)
  const rows = entries.map(({ label }) => {
    const own = runsOf(label)
    return {
      label,
      records_per_second: median(own.map(recordsPerSecond)),
      to_without: medianRatio(own, runsOf(WITHOUT), recordsPerSecond),
      cpu_ns_per_record: median(own.map((each) => (each.cpu_seconds * 1e9) / each.records)),
      seconds_to_last: median(own.map((each) => each.seconds_first_to_last)),
      seconds_to_closed: median(own.map((each) => each.seconds_first_to_closed)),
      peak_rss_bytes: median(own.map((each) => each.peak_rss_bytes)),
    }
  })
  return { workloads: [work], batch_size: BATCH_SIZE, rows, runs, left_out: [] }
}

async function run(contender, { topic, partitions, records }, { bootstrap }, label) {
  const dir = label === WITH ? mkdtempSync(join(tmpdir(), 'tidemark-bench-')) : null
  const settings = { bootstrap, topic, partitions, records, check: false, batchSize: BATCH_SIZE }
  const capture = dir && { dir, onError: 'stream' }
  try {
    return { label, ...(await launch(contender, { ...settings, capture }).figures) }
  } finally {
    if (dir) rmSync(dir, { recursive: true })
  }
}

export const tabulate = ({ rows }) => [
  ['replay', 'M records/s', 'x without', 'CPU ns', 'RSS MiB', 'seconds', 'until closed'],
  ...rows.map((row) => [
    row.label,
    (row.records_per_second / 1e6).toFixed(2),
    row.to_without.toFixed(2),
    row.cpu_ns_per_record.toFixed(0),
    (row.peak_rss_bytes / 2 ** 20).toFixed(0),
    row.seconds_to_last.toFixed(2),
    row.seconds_to_closed?.toFixed(2) ?? '',
  ]),
]
