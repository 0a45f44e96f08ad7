// Live: how long a record takes from the moment at which it was to be sent to the moment at which
// the contender has it. The producer is an open loop: it sends at a fixed rate, whatever becomes of
// the records before, so that a stall counts for every record that it held up.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'hdr-histogram-js'
import { isYardstick } from '../contenders.mjs'
import { launch } from '../launch.mjs'
import { program } from '../native/build.mjs'
import { runRounds } from '../rounds.mjs'
import { median } from '../statistics.mjs'
import { loadTopic } from '../topic.mjs'

const PARTITIONS = 4
const IDLE_PARTITIONS = 8
const IDLE_MANAGERS = 20
const IDLE_SECONDS = 5
/** Records of the first seconds are not counted. */
const WARM_UP_SECONDS = 2
const PERCENTILES = [50, 75, 90, 95, 99, 99.9, 99.99, 100]

export async function measure({ name, rate }, bench) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
  const stamp = Date.now()
  let topics = 0
  const createTopic = (partitions) => {
    const topic = `bench-live-${stamp}-${topics++}`
    loadTopic(bench.bootstrap, { topic, partitions, records: 0, load: {} })
    return topic
  }
  const idleTopic = createTopic(IDLE_PARTITIONS)
  const skip = rate * WARM_UP_SECONDS
  const records = skip + rate * bench.liveSeconds
  try {
    const { runs, failed } = await runRounds(entriesOf(bench.contenders), {
      count: bench.runs,
      label: ({ label }) => `${name} ${label}`,
      mustWork: ({ contender }) => isYardstick(contender),
      async run({ label, contender, idle }) {
        const file = join(folder, 'latencies')
        const live = { records, skip, file, idle, idleTopic, idleSeconds: IDLE_SECONDS }
        const settings = { bootstrap: bench.bootstrap, topic: createTopic(PARTITIONS) }
        const launched = launch(contender, { ...settings, partitions: PARTITIONS, live })
        await launched.ready
        const producer = await send({ ...settings, partitions: PARTITIONS, rate, records })
        const figures = await launched.figures
        const missing = records - skip - figures.records
        if (missing > 0) throw new Error(`${missing} records did not come`)
        return { label, ...figures, producer, ...percentiles(readFileSync(file)) }
      },
      show: ({ latency_us }) => `p50 ${latency_us[50]} µs, p99 ${latency_us[99]} µs`,
    })
    const rows = entriesOf(bench.contenders)
      .filter(({ label }) => runs.some((run) => run.label === label))
      .map((entry) => summarize(entry, runs))
    const left_out = [...failed].map(([{ label }, reason]) => ({ contender: label, reason }))
    return { rate, seconds: bench.liveSeconds, partitions: PARTITIONS, rows, runs, left_out }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** tidemark alone and beside idle managers; librdkafka's loop in C; clients for Node. */
function entriesOf(contenders) {
  return contenders.flatMap((contender) => {
    if (contender.name === 'tidemark') {
      return [
        { label: 'tidemark', contender, idle: 0 },
        { label: `tidemark, ${IDLE_MANAGERS} idle managers`, contender, idle: IDLE_MANAGERS },
      ]
    }
    if (contender.name === 'discard') return [{ label: 'librdkafka, C loop', contender, idle: 0 }]
    const isClient = contender.kind === 'node' && !contender.isForReplayAlone
    return isClient ? [{ label: contender.name, contender, idle: 0 }] : []
  })
}

async function send(settings) {
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { stdout } = await promisify(execFile)(program('live_load'), args)
  return JSON.parse(stdout)
}

/** @param {Buffer} latencies in µs, as 32-bit numbers */
function percentiles(latencies) {
  const histogram = build({ numberOfSignificantValueDigits: 3, bitBucketSize: 32 })
  for (let at = 0; at < latencies.length; at += 4) {
    histogram.recordValue(latencies.readUInt32LE(at))
  }
  const of = (percentile) => histogram.getValueAtPercentile(percentile)
  return { latency_us: Object.fromEntries(PERCENTILES.map((each) => [each, of(each)])) }
}

function summarize({ label, contender }, runs) {
  const own = runs.filter((run) => run.label === label)
  const inRound = (wanted, round) => runs.find((run) => run.label === wanted && run.round === round)
  /** Medians of the differences, or ratios, to another entry in the same round. */
  const against = (wanted, compare) => (percentile) =>
    median(
      own.flatMap((run) => {
        const other = inRound(wanted, run.round)
        return other ? [compare(run.latency_us[percentile], other.latency_us[percentile])] : []
      }),
    )
  const above = against('librdkafka, C loop', (a, b) => a - b)
  const toAlone = against('tidemark', (a, b) => a / b)
  return {
    ...{ label, kind: contender.kind, version: contender.version },
    latency_us: Object.fromEntries(
      PERCENTILES.map((each) => [each, median(own.map(({ latency_us }) => latency_us[each]))]),
    ),
    p50_above_c_us: above(50),
    p99_above_c_us: above(99),
    p50_to_tidemark_alone: toAlone(50),
    p99_to_tidemark_alone: toAlone(99),
    cpu_share: median(own.map(({ cpu_seconds, seconds }) => cpu_seconds / seconds)),
    idle_cpu_share: median(own.map(({ idle_cpu_share }) => idle_cpu_share)),
  }
}

const percent = (share) => (share === null ? '' : `${(share * 100).toFixed(1)} %`)

export const tabulate = ({ rows }) => [
  ['contender', 'p50 µs', 'p99 µs', 'p99.9 µs', 'p50 - C', 'p99 - C', 'CPU', 'idle CPU'],
  ...rows.map((row) => [
    row.label,
    ...[50, 99, 99.9].map((percentile) => row.latency_us[percentile].toFixed(0)),
    row.p50_above_c_us?.toFixed(0) ?? '',
    row.p99_above_c_us?.toFixed(0) ?? '',
    percent(row.cpu_share),
    percent(row.idle_cpu_share),
  ]),
]
