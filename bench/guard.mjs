// The guard: has tidemark become slower? It compares ratios to the limit, taken within a run, with
// those in baseline.json, so that it can be run on any machine, a noisy one too.
//
//   npm run bench:guard [-- --bootstrap host:port] [--update]
//
// It warns and fails where a ratio has become so much worse (changes.mjs). --update makes this run the
// baseline.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { compare, tabulateChanges } from './changes.mjs'
import { YARDSTICKS } from './contenders.mjs'
import { log } from './log.mjs'
import { readOptions } from './options.mjs'
import { runSuite } from './suite.mjs'
import { textTable } from './table.mjs'

const BASELINE = new URL('./baseline.json', import.meta.url)

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
  const compared = compare(ratios, JSON.parse(readFileSync(BASELINE, 'utf8')).to_limit)
  console.log(textTable(tabulateChanges(compared)))
  if (compared.some(({ verdict }) => verdict === 'FAILED')) process.exitCode = 1
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
