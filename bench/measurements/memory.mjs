// Memory: the peak of the resident set over a whole replay in batches of 10,000, above that of a
// Node process that does nothing.
import { launch } from '../launch.mjs'
import { runRounds } from '../rounds.mjs'
import { median } from '../statistics.mjs'
import { loadTopic } from '../topic.mjs'
import { workload } from '../workloads.mjs'

const BATCH_SIZE = 10_000
const IDLE = {
  name: 'idle Node',
  command: () => ({
    file: process.execPath,
    args: ['--input-type=module', '--eval', IDLE_SCRIPT],
  }),
}
const PEAK_RSS = new URL('../support/peak-rss.mjs', import.meta.url)
const IDLE_SCRIPT = `
import { peakRssBytes } from ${JSON.stringify(PEAK_RSS.href)}
console.log(JSON.stringify({ peak_rss_bytes: peakRssBytes() }))`

export async function measure({ workloads: [name] }, bench) {
  const work = workload(name, bench.records)
  loadTopic(bench.bootstrap, work)
  const tidemark = bench.contenders.find((contender) => contender.name === 'tidemark')
  const entries = [
    { label: 'idle Node', contender: IDLE },
    { label: 'tidemark, batches released', contender: tidemark },
    { label: 'tidemark, batches dropped', contender: tidemark, release: false },
    { label: 'tidemark by import, batches released', contender: tidemark, loadedBy: 'import' },
  ]
  const { topic, partitions, records } = work
  const settings = { topic, partitions, records, check: false, batchSize: BATCH_SIZE }
  const { runs } = await runRounds(entries, {
    count: bench.runs,
    label: ({ label }) => `memory ${label}`,
    mustWork: () => true,
    async run({ label, contender, ...how }) {
      const all = { bootstrap: bench.bootstrap, ...settings, ...how }
      return { label, ...(await launch(contender, all).figures) }
    },
    show: (figures) => `${mebibytes(figures.peak_rss_bytes)} MiB`,
  })
  const peak = (wanted) =>
    median(runs.filter(({ label }) => label === wanted).map((run) => run.peak_rss_bytes))
  const idle = peak('idle Node')
  const rows = entries.map(({ label }) => ({
    ...{ label, peak_rss_bytes: peak(label), above_idle_bytes: peak(label) - idle },
  }))
  return { workloads: [work], batch_size: BATCH_SIZE, rows, runs, left_out: [] }
}

const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(0)

export const tabulate = ({ rows }) => [
  ['process', 'peak RSS MiB', 'above idle Node MiB'],
  ...rows.map((row) => [row.label, mebibytes(row.peak_rss_bytes), mebibytes(row.above_idle_bytes)]),
]
