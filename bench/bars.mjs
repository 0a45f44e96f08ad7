import { medianRatio, recordsPerSecond } from './statistics.mjs'

const isTidemark = ({ contender, label }) => (contender ?? label) === 'tidemark'
// Without one the figures are undefined: not measured.
const tidemarkIn = ({ rows }) => rows.find(isTidemark) ?? {}
const besideIdle = ({ rows }) => rows.find(({ label }) => /^tidemark, .*idle/.test(label)) ?? {}

/** What a profile has shown, and on which day: its figures do not follow those that are recorded. */
const profiled = (date, says) => ({ date, says })

const LOADING =
  'Node takes 55 ms to start and apache-arrow 35 ms to load (82 by import), whatever Kafka does; ' +
  'tidemark and the brokers add 25'
const FIRST_OF_ALL =
  LOADING +
  '; and with 1,000 partitions the first record in order is known only when each of them has ' +
  'delivered one, while others return what arrives first'
const MANY_PARTITIONS =
  'the limit decodes nothing; per record the engine takes 51 to 56 ns of CPU, Node 22 to 25, ' +
  "librdkafka's thread 35 (64 partitions) to 54 (256) and Kafka itself 22 to 30, which takes two " +
  'cores at least 65 to 81 ns'

/**
 * What is asked of tidemark, on two cores and a local broker. `value` takes the measurement of that
 * name and gives a number, or null where a contender was left out. `why` is what a profile has shown to
 * be in the way of one that is missed.
 */
export const BARS = [
  {
    ...{ measurement: '8-lz4', what: "throughput, librdkafka's discard loop = 1", atLeast: 4 },
    value: (of) => tidemarkIn(of).to_discard,
  },
  {
    ...{ measurement: '8-lz4', what: 'wall time, the limit = 1', atMost: 1.35 },
    value: (of) => 1 / tidemarkIn(of).to_limit,
    why: profiled(
      '2026-11-26',
      "librdkafka has one fetch per broker under way, so that Kafka's answer (24 ns a record) and its " +
        'decompression (21) follow one another; both are slower than with the limit, which decodes ' +
        "nothing, because the engine's thread (31: decoding, merging, the copy into columns) competes " +
        'for memory bandwidth',
    ),
  },
  {
    ...{ measurement: '8-lz4', what: 'throughput, kafkarrow = 1', atLeast: 60 },
    value: (of) => throughputTo(of, kafkarrowIn(of)),
  },
  {
    ...{ measurement: '8-lz4', what: 'throughput, best client for Node = 1', atLeast: 20 },
    value: (of) =>
      throughputTo(
        of,
        bestNodeClient(of, (row) => -row.records_per_second),
      ),
  },
  {
    ...{ measurement: '8-lz4', what: 'CPU a record, ns', atMost: 90 },
    value: (of) => tidemarkIn(of).cpu_ns_per_record,
  },
  {
    ...{ measurement: '8-lz4', what: 'event-loop delay, p99, ms', atMost: 5 },
    value: (of) => tidemarkIn(of).event_loop_delay_p99_ms,
  },
  {
    ...{ measurement: '1-lz4', what: "throughput, librdkafka's discard loop = 1", atLeast: 5 },
    value: (of) => tidemarkIn(of).to_discard,
    why: profiled(
      '2026-11-26',
      'the limit, which decodes nothing, reaches only 5.6: with one partition every contender waits for ' +
        'one fetch after the other, half of the time',
    ),
  },
  ...['64-lz4', '256-lz4', '1000-lz4'].map((measurement) => ({
    ...{ measurement, what: 'wall time, the limit = 1', atMost: 1.6 },
    value: (of) => 1 / tidemarkIn(of).to_limit,
    why: profiled('2026-11-26', MANY_PARTITIONS),
  })),
  {
    ...{ measurement: 'layouts', what: 'wall time of the slowest, interleaved = 1', atMost: 1.3 },
    value: ({ rows }) =>
      Math.max(...rows.filter(isTidemark).map((row) => 1 / row.to_first_workload)),
    why: profiled(
      '2026-11-26',
      'when one partition follows another, each fetch waits for the one before, half of the time for ' +
        'Kafka; with more partitions at once the engine has other work',
    ),
  },
  {
    ...{ measurement: '8-1k', what: 'wall time, the limit = 1', atMost: 1.2 },
    value: (of) => 1 / tidemarkIn(of).to_limit,
    why: profiled(
      '2026-11-26',
      'each 1 KiB is copied once more than by the limit, at the bandwidth of memory: 360 ns of CPU on ' +
        "the engine's thread",
    ),
  },
  {
    ...{ measurement: '8-single', what: "throughput, librdkafka's discard loop = 1", atLeast: 1.8 },
    value: (of) => tidemarkIn(of).to_discard,
  },
  {
    ...{ measurement: '8-ten', what: "throughput, librdkafka's discard loop = 1", atLeast: 4 },
    value: (of) => tidemarkIn(of).to_discard,
  },
  ...[
    ['start-up-8', profiled('2026-11-26', LOADING)],
    ['start-up-1000', profiled('2026-11-26', FIRST_OF_ALL)],
  ].flatMap(([measurement, why]) => [
    {
      ...{ measurement, what: 'start-up, best client for Node = 1', atMost: 0.5 },
      value: (of) =>
        startUpTo(
          of,
          bestNodeClient(of, (row) => row.start_up_seconds),
        ),
      why,
    },
    {
      ...{ measurement, what: 'start-up, kafkarrow = 1', atMost: 0.5 },
      value: (of) => startUpTo(of, kafkarrowIn(of)),
      why,
    },
  ]),
  {
    ...{ measurement: 'memory', what: 'peak above idle Node, batches released, MB', atMost: 60 },
    value: ({ rows }) =>
      rows.find(({ label }) => label === 'tidemark, batches released').above_idle_bytes / 1e6,
    why: profiled(
      '2026-11-26',
      'responses, record batches (here 1 MB each, two or three for each of 8 partitions), the columns and ' +
        "gaps left by malloc take 60 MB of it; V8's heap with apache-arrow 12, the code of Node and the " +
        'addon that is in use 13. Smaller fetches saved 20 MB, but made a replay up to a quarter slower',
    ),
  },
  ...[
    ['', tidemarkIn],
    [' beside 20 idle managers', besideIdle],
  ].flatMap(([where, rowIn]) => [
    {
      ...{ measurement: 'live-1000', what: `p50 above librdkafka's loop in C${where}, µs` },
      ...{ atMost: 100, value: (of) => difference(rowIn(of).p50_above_c_us) },
      why: profiled(
        '2026-11-26',
        'it is the difference of two latencies of 360 to 490 µs, most of which the producer and Kafka ' +
          'take: with 20 idle managers everything takes 7 % longer, and the loop in C runs without them',
      ),
    },
    {
      ...{ measurement: 'live-1000', what: `p99 above librdkafka's loop in C${where}, µs` },
      ...{ atMost: 1_000, value: (of) => difference(rowIn(of).p99_above_c_us) },
    },
  ]),
  ...[50, 99].map((percentile) => ({
    ...{ measurement: 'live-1000', what: `p${percentile} beside 20 idle managers, alone = 1` },
    ...{ atMost: 1.2, value: (of) => besideIdle(of)[`p${percentile}_to_tidemark_alone`] },
  })),
  {
    ...{ measurement: 'live-1000', what: '20 idle managers, % of a core', atMost: 5 },
    value: (of) => besideIdle(of).idle_cpu_share * 100,
  },
  {
    ...{ measurement: 'micro', what: 'merge alone, 64 interleaved, ns a record', atMost: 15 },
    value: (of) => mergeAlone(of, 1),
  },
  ...[64, 1_000].map((run) => ({
    ...{ measurement: 'micro', what: `merge alone, 64 in runs of ${run}, ns a record`, atMost: 2 },
    value: (of) => mergeAlone(of, run),
  })),
]

const mergeAlone = ({ rows }, length) =>
  difference(rows.find(({ k, run }) => k === 64 && run === length).merge_alone_ns)

/** Of two measurements: below 0 it says that it is smaller than their noise, and nothing else. */
const difference = (value) => value && Math.max(0, value)

/** The name that it is recorded by: until its 0.1 it was called kafkars. */
const kafkarrowIn = ({ runs }) =>
  runs.some(({ contender }) => contender === 'kafkarrow') ? 'kafkarrow' : 'kafkars'

/** The name of the client for Node with the smallest `cost`; undefined if there is none. */
const bestNodeClient = ({ rows }, cost) =>
  rows.filter(({ kind }) => kind === 'node').sort((a, b) => cost(a) - cost(b))[0]?.contender

const throughputTo = ({ runs }, other) =>
  medianRatio(runsOf(runs, 'tidemark'), runsOf(runs, other), recordsPerSecond)
const startUpTo = ({ runs }, other) =>
  medianRatio(runsOf(runs, 'tidemark'), runsOf(runs, other), (run) => run.start_up_seconds)
const runsOf = (runs, name) => runs.filter(({ contender }) => contender === name)

/**
 * How far the measurements came.
 *
 * @param {Record<string, object>} measurements by name
 * @returns {{ measurement: string, what: string, bar: string, value: number | null,
 *   isMet: boolean, why?: string }[]} of every bar; `value` is null where it was not measured, and 0
 *   for a difference that is below what can be measured
 */
export function judge(measurements) {
  return BARS.map(({ measurement, what, atLeast, atMost, why, value: valueIn }) => {
    const found = measurements[measurement] ? valueIn(measurements[measurement]) : null
    const value = Number.isFinite(found) ? found : null
    const isMet = value !== null && (atLeast === undefined ? value <= atMost : value >= atLeast)
    const bar = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`
    return {
      measurement,
      what,
      bar,
      value,
      isMet,
      why: why && reasonOf(why, measurements[measurement]),
    }
  })
}

/** A reason, with its day; one that is older than the figures says so. */
function reasonOf({ date, says }, { date: recorded } = {}) {
  const isOlder = recorded !== undefined && recorded.slice(0, date.length) > date
  return `${says} (profiled on ${date}${isOlder ? ', before this was measured' : ''})`
}

export const isMeasured = ({ value }) => value !== null

/** Those that were measured and missed, and of which it is known what is in the way. */
export const isExplained = (bar) => isMeasured(bar) && !bar.isMet && bar.why !== undefined

/** Rows of text, the head first. */
export const tabulateBars = (judged) => [
  ['measurement', 'what', 'bar', 'measured', ''],
  ...judged.map(({ measurement, what, bar, value, isMet }) => [
    ...[measurement, what, bar],
    ...(value === null ? ['', 'not measured'] : [shown(value), isMet ? 'met' : 'missed']),
  ]),
]

const shown = (value) => (value === 0 ? 'below what can be measured' : significant(value))
const significant = (value) => (Math.abs(value) < 100 ? value.toPrecision(3) : value.toFixed(0))
