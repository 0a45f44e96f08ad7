// Writes docs/performance.md and its charts from bench/results/recorded.
//
//   node bench/report.mjs [--check]   --check: writes nothing, and fails where one is out of date
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isExplained, judge, tabulateBars } from './bars.mjs'
import { chartsOf, draw } from './charts.mjs'
import { log } from './log.mjs'
import { MEASUREMENTS } from './measurements.mjs'
import { readRecorded } from './results.mjs'
import { tabulate } from './suite.mjs'
import { markdownTable } from './table.mjs'

const PAGE = new URL('../docs/performance.md', import.meta.url)
const CHARTS = new URL('../docs/performance/', import.meta.url)
const METHOD = new URL('./method.md', import.meta.url)

export async function writeReport() {
  const files = await report()
  rmSync(CHARTS, { recursive: true, force: true })
  mkdirSync(CHARTS, { recursive: true })
  for (const [url, text] of files) writeFileSync(url, text)
  log(`${fileURLToPath(PAGE)} is renewed`)
}

async function checkReport() {
  const files = await report()
  const isCurrent = ([url, text]) => existsSync(url) && readFileSync(url, 'utf8') === text
  const expected = new Set([...files].map(([url]) => url.href))
  const extra = readdirSync(CHARTS).filter((name) => !expected.has(new URL(name, CHARTS).href))
  const old = files.filter((file) => !isCurrent(file)).map(([url]) => fileURLToPath(url))
  for (const file of [...old, ...extra]) log(`${file} is out of date: run node bench/report.mjs`)
  if (old.length + extra.length > 0) process.exitCode = 1
}

/** @returns {Promise<[URL, string][]>} each file that is written, and its text */
async function report() {
  const recorded = readRecorded()
  const charts = chartsOf(recorded)
  const files = []
  const parts = [head(), summary(recorded)]
  for (const measurement of MEASUREMENTS) {
    const found = recorded.get(measurement.name)
    if (!found) continue
    const shown = (measurement.charts ?? []).filter((name) => name in charts)
    for (const name of shown) files.push([new URL(`${name}.svg`, CHARTS), await draw(charts[name])])
    parts.push(await section(measurement, found, shown))
  }
  // Its links go from here as they go from where it is.
  parts.push(readFileSync(METHOD, 'utf8'))
  files.push([PAGE, `${parts.join('\n\n').trim()}\n`])
  return files
}

const head = () => `# Performance

Written by \`npm run bench -- --set full --record\` from
[bench/results/recorded](../bench/results/recorded), which holds every single run; not by hand. Ratios
are between runs of one round on one machine, and are what to quote; figures by themselves say more
about the machine.`

function summary(recorded) {
  const judged = judge(Object.fromEntries(recorded))
  const reasons = judged
    .filter(isExplained)
    .map(({ measurement, what, why }) => `- ${measurement}, ${what}: ${why}.`)
  return [
    '## What is asked for, and what was measured',
    markdownTable(tabulateBars(judged)),
    ...(reasons.length > 0
      ? [
          `What profiles have shown to be in the way of those missed. They are texts of bench/bars.mjs, each with\nthe day of its profile: their figures are not those of the table.\n\n${reasons.join('\n')}`,
        ]
      : []),
  ].join('\n\n')
}

async function section({ name, title, note }, found, charts) {
  const { machine, node, broker, date, settings, left_out, kind } = found
  const images = charts.map((chart) => `![${title}](performance/${chart}.svg)`)
  const memory = `${Math.round(machine.memory / 2 ** 30)} GiB`
  const on = `${machine.cores} cores of ${machine.cpu}, ${memory}, ${machine.os}, Node ${node}`
  const around = kind === 'micro' ? on : `${on}; ${broker}`
  const missing = left_out.map(
    ({ contender, workload, reason }) =>
      `- ${[workload, contender].filter(Boolean).join(', ')} is left out: ${reason}`,
  )
  return [
    `## ${title}`,
    ...images,
    markdownTable(await tabulate(found)),
    ...(note ? [note] : []),
    ...(missing.length > 0 ? [missing.join('\n')] : []),
    `${name}: ${date.slice(0, 10)}, median of ${settings.runs} runs, ${around}.`,
  ].join('\n\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await (process.argv.includes('--check') ? checkReport() : writeReport())
}
