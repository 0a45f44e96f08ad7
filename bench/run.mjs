// The benchmark: loads a workload, runs each contender in turn, checks what it gave, and shows how
// they compare. Usage and method: bench/README.md.
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { buildPrograms, program } from './native/build.mjs'
import { workload } from './workloads.mjs'

const RUNNER = fileURLToPath(new URL('./contenders/run.mjs', import.meta.url))
const RESULTS = new URL('./results/', import.meta.url)
const log = (message) => process.stderr.write(`bench: ${message}\n`)

const { values: options } = parseArgs({
  options: {
    bootstrap: { type: 'string' },
    workload: { type: 'string', default: '8-lz4' },
    contenders: { type: 'string', default: 'tidemark,discard,limit' },
    runs: { type: 'string', default: '5' },
    records: { type: 'string' },
    partitions: { type: 'string' },
  },
})

function positive(name) {
  if (options[name] === undefined) return undefined
  const number = Number(options[name])
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name}: a number from 1 on`)
  return number
}

function load({ topic, partitions, records, load: further }) {
  const settings = { bootstrap: options.bootstrap, topic, partitions, records, ...further }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  args.push('--config', 'retention.ms=-1')
  log(`${topic}: ${records} records over ${partitions} partitions, loaded unless they are there`)
  const { status, error } = spawnSync(program('load'), args, { stdio: ['ignore', 'ignore', 2] })
  if (error) throw error
  if (status !== 0) throw new Error('the topic could not be loaded')
}

/** The contenders that are asked for and can be had. */
async function prepareContenders() {
  const contenders = []
  for (const name of options.contenders.split(',')) {
    const contender = await import(`./contenders/${name}.mjs`)
    try {
      await contender.prepare?.()
      contenders.push({ ...contender, version: await contender.version() })
    } catch (error) {
      log(`${name} is left out: ${error.message}`)
    }
  }
  return contenders
}

async function run(contender, { topic, partitions, records }, check) {
  const wanted = Math.min(records, contender.maxRecords ?? records)
  const settings = { bootstrap: options.bootstrap, topic, partitions, records: wanted, check }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [RUNNER, contender.name, JSON.stringify(settings)],
    { timeout: 600_000, killSignal: 'SIGKILL' },
  )
  const figures = JSON.parse(stdout)
  return { contender: contender.name, wanted, ...figures }
}

const rate = ({ records, seconds_first_to_last }) => records / seconds_first_to_last
const cpuNanoseconds = ({ records, cpu_seconds }) => (cpu_seconds * 1e9) / records

/** The middle one; of an even number the mean of the middle two. */
function median(numbers) {
  const sorted = numbers.filter((number) => number !== undefined).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** What is wrong with what was read. Every contender but the limit counts the same bytes. */
function faults(figures, bytesOf) {
  const found = []
  const { contender, wanted, records, bytes, disorder, gaps } = figures
  // The limit counts whole record batches and may go past a part of the log.
  if (contender === 'limit' ? records < wanted : records !== wanted) {
    found.push(`${records} records instead of ${wanted}`)
  }
  if (contender !== 'limit') {
    const expected = bytesOf.get(wanted) ?? bytes
    bytesOf.set(wanted, expected)
    if (bytes !== expected) found.push(`${bytes} bytes where another had ${expected}`)
  }
  if (disorder) found.push(`${disorder} records out of merge order`)
  if (gaps) found.push(`${gaps} gaps in the offsets`)
  return found
}

function summarize(contender, runs, checked) {
  const own = runs.filter((figures) => figures.contender === contender.name)
  return {
    contender: contender.name,
    version: contender.version,
    gives: contender.gives,
    records_per_second: median(own.map(rate)),
    cpu_ns_per_record: median(own.map(cpuNanoseconds)),
    seconds_total: median(own.map((figures) => figures.seconds_total)),
    peak_rss_bytes: median(own.map((figures) => figures.peak_rss_bytes)),
    event_loop_delay_p99_ms: median(own.map((figures) => figures.event_loop_delay_p99_ms)),
    checked,
  }
}

/** Ratios of the same round, so that a slow minute of the machine counts for both; then the median. */
function ratio(runs, name, other) {
  const of = (contender) => runs.filter((figures) => figures.contender === contender)
  const others = of(other)
  return median(
    of(name).flatMap((figures, i) => (others[i] ? [rate(figures) / rate(others[i])] : [])),
  )
}

function table(rows) {
  const show = (number, digits, unit = '') =>
    number === null ? '' : `${number.toFixed(digits)}${unit}`
  const cells = rows.map((row) => [
    `${row.contender} ${row.version}`,
    show(row.records_per_second / 1e6, 2),
    show(row.to_discard, 2),
    show(row.to_limit, 2),
    show(row.cpu_ns_per_record, 0),
    show(row.peak_rss_bytes / 2 ** 20, 0),
    show(row.event_loop_delay_p99_ms, 1),
    row.checked.faults.length ? row.checked.faults.join('; ') : 'ok',
    row.checked.steps_back === undefined ? '' : String(row.checked.steps_back),
  ])
  const head = ['contender', 'M records/s', 'x discard', 'x limit', 'CPU ns', 'RSS MiB']
  head.push('loop p99 ms', 'check', 'steps back')
  const widths = head.map((title, i) =>
    Math.max(title.length, ...cells.map((row) => row[i].length)),
  )
  const line = (row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}

async function main() {
  if (!options.bootstrap) throw new Error('name a broker: npm run bench -- --bootstrap host:port')
  const count = positive('runs')
  const work = workload(options.workload, {
    partitions: positive('partitions'),
    records: positive('records'),
  })
  buildPrograms()
  const contenders = await prepareContenders()
  load(work)

  const runs = []
  // Round 0 warms up broker and page cache and is not counted.
  for (let round = 0; round <= count; round++) {
    // The other way round every second time: none always follows the same one.
    const order = round % 2 ? contenders : [...contenders].reverse()
    for (const contender of order) {
      const figures = await run(contender, work, false)
      if (round > 0) runs.push({ round, ...figures })
      log(
        `${round || 'warm-up'} ${contender.name}: ${(rate(figures) / 1e6).toFixed(2)} M records/s`,
      )
    }
  }
  const rows = []
  const bytesOf = new Map()
  for (const contender of contenders) {
    const figures = await run(contender, work, true)
    const checked = { ...figures, faults: faults(figures, bytesOf) }
    const timed = runs.filter((each) => each.contender === contender.name)
    for (const each of timed) checked.faults.push(...faults(each, bytesOf))
    rows.push({
      ...summarize(contender, runs, checked),
      to_discard: ratio(runs, contender.name, 'discard'),
      to_limit: ratio(runs, contender.name, 'limit'),
    })
  }

  console.log(`${work.topic}, median of ${count}, from the first record to the last\n`)
  console.log(table(rows))
  const date = new Date().toISOString()
  const machine = { cpu: cpus()[0].model, cores: cpus().length, memory: totalmem(), os: release() }
  const result = { date, machine, node: process.version, workload: work, rows, runs }
  mkdirSync(RESULTS, { recursive: true })
  const file = new URL(`${date.replace(/[:.]/g, '-')}.json`, RESULTS)
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`)
  log(`written to ${fileURLToPath(file)}`)
  if (rows.some((row) => row.checked.faults.length)) throw new Error('a contender read it wrong')
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
