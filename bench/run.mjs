// The benchmark: measures tidemark beside all that its users could use instead, and what comes
// close to the limit. Usage: bench/README.md.
import { isMeasured, judge, tabulateBars } from './bars.mjs'
import { log } from './log.mjs'
import { MEASUREMENTS } from './measurements.mjs'
import { readOptions, USAGE } from './options.mjs'
import { recordMeasurement, writeResult } from './results.mjs'
import { runSuite, tabulate } from './suite.mjs'
import { textTable } from './table.mjs'

async function main() {
  const options = readOptions(process.argv.slice(2))
  if (options.help) return console.log(USAGE)
  if (options.list) {
    const rows = MEASUREMENTS.map(({ name, kind, sets }) => [name, kind, sets.join(', ')])
    return console.log(textTable([['measurement', 'kind', 'sets'], ...rows]))
  }
  const result = await runSuite(options, async (name, measurement, around) => {
    await show(name, measurement)
    // At once: a run that is interrupted keeps what it has.
    if (options.record) recordMeasurement(name, measurement, around)
  })
  const bars = judge(result.measurements).filter(isMeasured)
  if (bars.length > 0) console.log(`\nThe bars\n${textTable(tabulateBars(bars))}`)
  log(`every run is in ${writeResult(result)}`)
  if (options.record) {
    const { writeReport } = await import('./report.mjs')
    await writeReport()
  }
}

async function show(name, measurement) {
  console.log(`\n${name}, median of the runs`)
  console.log(textTable(await tabulate(measurement)))
  for (const { contender, reason } of measurement.left_out) {
    console.log(`${contender} is left out: ${reason}`)
  }
  if (measurement.rows.some(({ faults }) => faults?.length)) {
    log(`${name}: a contender read it wrong`)
    process.exitCode = 1
  }
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
