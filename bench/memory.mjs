// Where memory goes: replays topics that need much of it, each in a process of its own, and shows
// the account (docs/api.md#memory) at its peak. Usage: bench/README.md.
import { parseArgs } from 'node:util'
import { launch } from './launch.mjs'
import { log } from './log.mjs'
import { SHAPES } from './memory-shapes.mjs'
import { atPeakOf, growth, largestOf, mebibytes } from './memory-tables.mjs'
import { MemoryTopics } from './memory-topics.mjs'
import { markdownTable, textTable } from './table.mjs'

const USAGE = `npm run memory -- [options] [shape ...]

  --bootstrap host:port  your broker; without it one is started, or else the mock cluster
  --scale n              so much of each topic, 0.1 for a quick run; default: 1
  --runs n               the one with the median peak is shown; default: 1
  --json                 all figures, in bytes
  --markdown             tables for a page

Shapes: ${Object.keys(SHAPES).join(', ')}; default: all`

const RUN = new URL('./support/memory-run.mjs', import.meta.url)
const READER = {
  name: 'memory',
  command: (settings) => ({
    file: process.execPath,
    args: [RUN.pathname, JSON.stringify(settings)],
  }),
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      bootstrap: { type: 'string' },
      scale: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const unknown = positionals.find((name) => !Object.hasOwn(SHAPES, name))
  if (unknown) throw new Error(`no shape ${unknown}; there are ${Object.keys(SHAPES).join(', ')}`)
  const scale = Number(values.scale)
  if (!(scale > 0 && scale <= 1)) throw new Error('--scale: a number above 0, at most 1')
  const runs = Number(values.runs)
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs: a number from 1 on')
  const results = await measureAll(positionals.length > 0 ? positionals : Object.keys(SHAPES), {
    scale,
    runs,
    bootstrap: values.bootstrap,
  })
  if (values.json) return console.log(JSON.stringify(results, null, 1))
  const table = values.markdown ? markdownTable : textTable
  console.log(`\nMiB at the peak\n\n${table(atPeakOf(results))}`)
  console.log(`\nThe most of each, MiB\n\n${table(largestOf(results))}`)
}

async function measureAll(names, { scale, runs, bootstrap }) {
  const topics = await MemoryTopics.open(names, bootstrap)
  const results = []
  try {
    for (const name of names) {
      const { title, options, ...shape } = SHAPES[name]
      log(`${name}: ${title}`)
      const place = await topics.write(name, shape, scale)
      const all = []
      for (let run = 0; run < runs; run++) {
        all.push(await launch(READER, { ...place, options }).figures)
        log(`${name}: ${mebibytes(growth(all.at(-1)))} MiB above the base`)
      }
      all.sort((a, b) => growth(a) - growth(b))
      results.push({ name, title, options, growths: all.map(growth), ...all[runs >> 1] })
    }
  } finally {
    await topics.close()
  }
  return results
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
