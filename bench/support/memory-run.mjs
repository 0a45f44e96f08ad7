// Reads a topic to its end through the public API, each batch released at once, and tells where the
// memory of its process was: node bench/support/memory-run.mjs '<json>' prints one JSON line.
import { createRequire } from 'node:module'
import { peakRssBytes } from './peak-rss.mjs'

const SAMPLE_MS = 20
/** The resident set stays near its peak when what made it is gone: the first sample so near counts. */
const NEAR_PEAK = 0.95

const { bootstrap, topic, options } = JSON.parse(process.argv[2])
const require = createRequire(import.meta.url)
const { ConsumerManager, SourceTopic } = require('../../dist/cjs/index.js')
const { rss, heapTotal, arrayBuffers } = process.memoryUsage()
const before = { rss, heapTotal, arrayBuffers }
// As create would: but it fetches meanwhile, when nothing can be sampled.
require('../../dist/cjs/columns/with-arrow.js')
const manager = await ConsumerManager.create({
  config: { 'bootstrap.servers': bootstrap },
  topics: [SourceTopic.fromEarliest(topic)],
  ...options,
})
const samples = [manager.memory()]
const timer = setInterval(() => samples.push(manager.memory()), SAMPLE_MS)
const started = performance.now()
let rows = 0
while (!manager.isLive()) {
  const batch = await manager.poll(10_000)
  rows += batch.numRows
  manager.release(batch)
}
const seconds = (performance.now() - started) / 1e3
clearInterval(timer)
const peak = peakRssBytes()
const atEnd = process.memoryUsage().rss
await manager.close()
const largestRss = Math.max(...samples.map(({ process }) => process.rss))
const atPeak = samples.find(({ process }) => process.rss >= NEAR_PEAK * largestRss)
const largestOf = (part) => Math.max(...samples.map(part))
const largest = Object.fromEntries(
  Object.keys(atPeak.held).map((name) => [name, largestOf(({ held }) => held[name])]),
)
// Null where malloc does not tell.
largest.mallocFree =
  atPeak.process.mallocFree === null ? null : largestOf(({ process }) => process.mallocFree)
const result = { rows, seconds, samples: samples.length, before, peak, atPeak, largest, atEnd }
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
