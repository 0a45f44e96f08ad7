// The guard: has tidemark become slower? It compares ratios to the limit, taken within a run, with
// those in baseline.json, so that it can be run on any machine, a noisy one too.
//
//   npm run bench:guard [-- --bootstrap host:port] [--update]
//
// It warns where a ratio is 8 % worse and fails where it is 15 % worse. --update makes this run the
// baseline.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { YARDSTICKS } from './contenders.mjs'
import { log } from './log.mjs'
import { readOptions } from './options.mjs'
import { runSuite } from './suite.mjs'
import { textTable } from './table.mjs'

const BASELINE = new URL('./baseline.json', import.meta.url)
const WARN = 0.08
const FAIL = 0.15

async function main() {
  const args = process.argv.slice(2)
  const isUpdate = args.includes('--update')
  if (!isUpdate && !existsSync(BASELINE)) {
    throw new Error('there is no baseline.json to compare with: make one with -- --update')
  }
  const options = readOptions(['--set', 'guard', ...args.filter((each) => each !== '--update')])
  const suite = { ...options, contenders: YARDSTICKS }
  const { measurements, ...around } = await runSuite(suite, async () => {})
  const ratios = Object.fromEntries(
    Object.entries(measurements).map(([name, { rows }]) => [
      name,
      rows.find(({ contender }) => contender === 'tidemark').to_limit,
    ]),
  )
  const faulty = Object.entries(measurements).filter(([, { rows }]) =>
    rows.some(({ faults }) => faults.length > 0),
  )
  for (const [name] of faulty) log(`${name}: a contender read it wrong`)
  if (faulty.length > 0) process.exitCode = 1
  if (isUpdate) {
    writeFileSync(BASELINE, `${JSON.stringify({ ...around, to_limit: ratios }, null, 2)}\n`)
    return log('baseline.json is renewed')
  }
  compare(ratios, JSON.parse(readFileSync(BASELINE, 'utf8')).to_limit)
}

function compare(ratios, baseline) {
  const rows = Object.entries(ratios).map(([name, ratio]) => {
    if (baseline[name] === undefined) return [name, '', ratio.toFixed(2), '', 'no baseline']
    const change = ratio / baseline[name] - 1
    const verdict = -change >= FAIL ? 'FAILED' : -change >= WARN ? 'warning' : 'ok'
    if (verdict === 'FAILED') process.exitCode = 1
    const percent = `${change < 0 ? '' : '+'}${(change * 100).toFixed(1)} %`
    return [name, baseline[name].toFixed(2), ratio.toFixed(2), percent, verdict]
  })
  console.log(textTable([['measurement', 'x limit before', 'now', 'change', ''], ...rows]))
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
