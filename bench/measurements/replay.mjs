// Replay: from the first record to the last, in records a second, with CPU, memory and the
// event-loop delay; what each contender read is checked after the timed rounds.
import { Check } from '../check.mjs'
import { isYardstick } from '../contenders.mjs'
import { launch } from '../launch.mjs'
import { runRounds } from '../rounds.mjs'
import { median, medianRatio, recordsPerSecond } from '../statistics.mjs'
import { loadTopic } from '../topic.mjs'
import { workload } from '../workloads.mjs'

const BATCH_SIZE = 50_000

export async function measure({ workloads, contenders: which }, bench) {
  const works = workloads.map((name) => workload(name, bench.records))
  const contenders = bench.contenders.filter((each) => which === 'all' || isYardstick(each))
  for (const work of works) loadTopic(bench.bootstrap, work)
  return await readAll(works, contenders, bench, { bootstrap: bench.bootstrap })
}

/** `from` is where all of it is: `bootstrap`, or `segments`, a folder. */
export async function readAll(works, contenders, bench, from) {
  const entries = works.flatMap((work) => contenders.map((contender) => ({ work, contender })))
  const { runs, failed } = await runRounds(entries, {
    count: bench.runs,
    label: ({ work, contender }) => `${work.name} ${contender.name}`,
    mustWork: ({ contender }) => isYardstick(contender),
    run: (entry) => run(entry, bench, from, false),
    show: (figures) => `${(recordsPerSecond(figures) / 1e6).toFixed(2)} M records/s`,
  })
  const rows = []
  for (const work of works) {
    const check = new Check()
    for (const entry of entries) {
      if (entry.work !== work || failed.has(entry)) continue
      const checked = await run(entry, bench, from, true)
      const own = runsOf(runs, entry.contender.name, work.name)
      const faults = new Set([checked, ...own].flatMap((figures) => check.faults(figures)))
      rows.push({ ...summarize(entry, runs, works[0].name), checked, faults: [...faults] })
    }
  }
  const left_out = [...failed].map(([{ work, contender }, reason]) => ({
    ...{ workload: work.name, contender: contender.name, reason },
  }))
  return { workloads: works, batch_size: BATCH_SIZE, rows, runs, left_out }
}

async function run({ work, contender }, bench, from, check) {
  const { topic, partitions, records } = work
  const wanted = isYardstick(contender) ? records : Math.min(records, bench.peerRecords)
  const settings = { ...from, topic, partitions, records: wanted, check, batchSize: BATCH_SIZE }
  const figures = await launch(contender, settings).figures
  return { workload: work.name, contender: contender.name, wanted, ...figures }
}

const runsOf = (runs, contender, work) =>
  runs.filter((each) => each.contender === contender && each.workload === work)

function summarize({ work, contender }, runs, firstWorkload) {
  const own = runsOf(runs, contender.name, work.name)
  const of = (figure) => median(own.map(figure))
  const to = (other) => medianRatio(own, runsOf(runs, other, work.name), recordsPerSecond)
  const inFirst = runsOf(runs, contender.name, firstWorkload)
  return {
    workload: work.name,
    contender: contender.name,
    kind: contender.kind,
    version: contender.version,
    gives: contender.gives,
    records_per_second: of(recordsPerSecond),
    bytes_per_second: of(({ bytes, seconds_first_to_last }) => bytes / seconds_first_to_last),
    to_discard: to('discard'),
    to_limit: to('limit'),
    to_first_workload: medianRatio(own, inFirst, recordsPerSecond),
    cpu_ns_per_record: of(({ records, cpu_seconds }) => (cpu_seconds * 1e9) / records),
    peak_rss_bytes: of(({ peak_rss_bytes }) => peak_rss_bytes),
    event_loop_delay_p99_ms: of(({ event_loop_delay_p99_ms }) => event_loop_delay_p99_ms),
  }
}

const COLUMNS = [
  ['contender', ({ contender, version }) => `${contender} ${version}`],
  ['M records/s', (row) => fixed(row.records_per_second / 1e6, 2)],
  ['MB/s', (row) => fixed(row.bytes_per_second && row.bytes_per_second / 1e6, 0)],
  ['x discard', (row) => fixed(row.to_discard, 2)],
  ['x limit', (row) => fixed(row.to_limit, 2)],
  ['CPU ns', (row) => fixed(row.cpu_ns_per_record, 0)],
  ['RSS MiB', (row) => fixed(row.peak_rss_bytes && row.peak_rss_bytes / 2 ** 20, 0)],
  ['loop p99 ms', (row) => fixed(row.event_loop_delay_p99_ms, 1)],
  ['check', ({ faults }) => faults.join('; ') || 'ok'],
  ['steps back', ({ checked }) => String(checked.steps_back ?? '')],
]

/** The table of one measurement: its head, and a line a row. */
export function tabulate({ workloads, rows }) {
  const columns = workloads.length === 1 ? COLUMNS : [...LAYOUT_COLUMNS, ...COLUMNS.slice(1)]
  return [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => cell(row))),
  ]
}

const LAYOUT_COLUMNS = [
  ['workload', (row) => row.workload],
  COLUMNS[0],
  ['x first', (row) => fixed(row.to_first_workload, 2)],
]

const fixed = (number, digits) => (Number.isFinite(number) ? number.toFixed(digits) : '')
