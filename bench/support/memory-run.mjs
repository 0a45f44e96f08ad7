// Reads a topic to its end through the public API, each batch released at once, and tells where the
// memory of its process was: node bench/support/memory-run.mjs '<json>' prints one JSON line.
import { createRequire } from 'node:module'
import { peakRssBytes } from './peak-rss.mjs'

const SAMPLE_MS = 20

const { bootstrap, topic, options } = JSON.parse(process.argv[2])
const { ConsumerManager, SourceTopic } = createRequire(import.meta.url)('../../dist/cjs/index.js')
const { rss, heapTotal, arrayBuffers } = process.memoryUsage()
const before = { rss, heapTotal, arrayBuffers }
const manager = await ConsumerManager.create({
  config: { 'bootstrap.servers': bootstrap },
  topics: [SourceTopic.fromEarliest(topic)],
  ...options,
})
let atPeak = manager.memory()
const largest = { ...atPeak.held, mallocFree: 0 }
let samples = 0
const timer = setInterval(sample, SAMPLE_MS)
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
const result = { rows, seconds, samples, before, peak, atPeak, largest, atEnd }
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))

function sample() {
  const account = manager.memory()
  samples++
  if (account.process.rss > atPeak.process.rss) atPeak = account
  const parts = { ...account.held, mallocFree: account.process.mallocFree ?? 0 }
  for (const [part, bytes] of Object.entries(parts)) largest[part] = Math.max(largest[part], bytes)
}
