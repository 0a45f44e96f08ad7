// Start-up: from the start of the process to its first batch, or its first record where there are
// no batches.
import { isYardstick } from '../contenders.mjs'
import { launch } from '../launch.mjs'
import { runRounds } from '../rounds.mjs'
import { median, medianRatio } from '../statistics.mjs'
import { loadTopic } from '../topic.mjs'
import { workload } from '../workloads.mjs'

const BATCH_SIZE = 10_000
const seconds = (run) => run.start_up_seconds

export async function measure({ workloads: [name] }, bench) {
  const work = workload(name, bench.records)
  loadTopic(bench.bootstrap, work)
  // The limit starts as librdkafka does; Java's tool does not tell when its first record came.
  const entries = bench.contenders
    .filter(({ name, kind }) => name !== 'limit' && kind !== 'java')
    .flatMap((contender) => [
      { label: contender.name, contender },
      ...(contender.name === 'tidemark'
        ? [{ label: 'tidemark by import', contender, loadedBy: 'import' }]
        : []),
    ])
  const { topic, partitions } = work
  const settings = { topic, partitions, records: 1, check: false, batchSize: BATCH_SIZE }
  const { runs, failed } = await runRounds(entries, {
    count: bench.runs,
    label: ({ label }) => `start-up ${label}`,
    mustWork: ({ contender }) => isYardstick(contender),
    async run({ label, contender, loadedBy }) {
      const launched = launch(contender, { bootstrap: bench.bootstrap, ...settings, loadedBy })
      const figures = await launched.figures
      const start_up_seconds = (figures.first_at_ms - launched.startedAtMs) / 1e3
      return { contender: label, start_up_seconds, ...figures }
    },
    show: (figures) => `${seconds(figures).toFixed(3)} s`,
  })
  const runsOf = (name) => runs.filter(({ contender }) => contender === name)
  const rows = entries
    .filter((entry) => !failed.has(entry))
    .map(({ label, contender: { kind, version } }) => ({
      ...{ contender: label, kind, version },
      start_up_seconds: median(runsOf(label).map(seconds)),
      to_tidemark: medianRatio(runsOf(label), runsOf('tidemark'), seconds),
    }))
  const left_out = [...failed].map(([{ label }, reason]) => ({ contender: label, reason }))
  return { workloads: [work], batch_size: BATCH_SIZE, rows, runs, left_out }
}

export const tabulate = ({ rows }) => [
  ['contender', 'seconds', 'x tidemark'],
  ...rows.map(({ contender, version, start_up_seconds, to_tidemark }) => [
    `${contender} ${version}`,
    start_up_seconds.toFixed(3),
    to_tidemark?.toFixed(2) ?? '',
  ]),
]
