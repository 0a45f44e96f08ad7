// tidemark through its public API: RecordBatches, each released after use unless that is measured.
import { createRequire } from 'node:module'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { LiveMeter } from '../support/live-meter.mjs'
import { OrderCheck } from '../support/order-check.mjs'
import { peakRssBytes } from '../support/peak-rss.mjs'
import { packageVersion } from '../support/versions.mjs'

export const name = 'tidemark'
export const kind = 'tidemark'
export const gives = 'records in timestamp order, as Arrow'
export const version = () => packageVersion(new URL('../../package.json', import.meta.url))

// By require, which docs/options.md advises for a short start-up and less memory; by import is a row of its
// own where it matters.
const loaders = {
  require: () => createRequire(import.meta.url)('../../dist/cjs/index.js'),
  import: () => import('../../dist/esm/index.js'),
}

export async function run({ loadedBy = 'require', ...settings }) {
  const tidemark = await loaders[loadedBy]()
  return settings.live ? readLive(tidemark, settings) : replay(tidemark, settings)
}

async function replay({ ConsumerManager, SourceTopic }, settings) {
  const { bootstrap, segments, topic, records, check, batchSize } = settings
  const { release = true, capture } = settings
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const order = check ? new OrderCheck() : null
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const manager = await ConsumerManager.create({
    ...(segments ? { segments } : { config: { 'bootstrap.servers': bootstrap } }),
    topics: [SourceTopic.fromEarliest(topic)],
    batchSize,
    // close() waits for the disk.
    ...(capture && { capture, closeTimeoutMs: 120_000, onEvent: failWithCapture }),
  })
  const created = performance.now()
  delay.enable()
  let first = null
  let last = started
  let rows = 0
  let bytes = 0
  while (rows < records && !manager.isLive()) {
    const batch = await manager.poll(10_000)
    last = performance.now()
    if (batch.numRows === 0) continue
    first ??= last
    // What is past the part that is asked for is not counted.
    const counted = Math.min(batch.numRows, records - rows)
    rows += counted
    bytes += binaryBytes(batch, 'key', counted) + binaryBytes(batch, 'value', counted)
    order?.add(batch, counted)
    if (release) manager.release(batch)
  }
  delay.disable()
  const cpu = process.cpuUsage(cpuBefore)
  await manager.close()
  const closed = performance.now()
  return {
    records: rows,
    bytes,
    seconds_import: started / 1e3,
    seconds_create: (created - started) / 1e3,
    first_at_ms: performance.timeOrigin + first,
    seconds_first_to_last: (last - first) / 1e3,
    seconds_total: (last - started) / 1e3,
    ...(capture && { seconds_first_to_closed: (closed - first) / 1e3 }),
    cpu_seconds: (cpu.user + cpu.system) / 1e6,
    peak_rss_bytes: peakRssBytes(),
    event_loop_delay_p99_ms: delay.percentile(99) / 1e6,
    ...(order && { steps_back: order.stepsBack, disorder: order.disorder, gaps: order.gaps }),
  }
}

/** A capture that ends costs nothing any more. */
function failWithCapture({ type, message }) {
  if (type === 'captureEnded') throw new Error(message)
}

/** The bytes of a Binary column's first rows: where they end, without a look at the values. */
function binaryBytes(batch, column, rows) {
  const { valueOffsets } = batch.getChild(column).data[0]
  return valueOffsets[rows] - valueOffsets[0]
}

/** `live.idle` further managers, on a topic without records, wait beside the one that is measured. */
async function readLive({ ConsumerManager, SourceTopic }, { bootstrap, topic, live }) {
  const createManager = (name) =>
    ConsumerManager.create({
      config: { 'bootstrap.servers': bootstrap },
      topics: [SourceTopic.fromEarliest(name)],
    })
  const idle = []
  for (let i = 0; i < live.idle; i++) idle.push(await createManager(live.idleTopic))
  for (const manager of idle) manager.poll(Number.POSITIVE_INFINITY).catch(() => {})
  const idleCpu = idle.length === 0 ? null : await cpuWhileIdle(live.idleSeconds)

  const manager = await createManager(topic)
  const meter = new LiveMeter(live)
  const reading = (async () => {
    for await (const batch of manager.batches({ autoRelease: true })) {
      const now = process.hrtime.bigint()
      const { values, valueOffsets } = batch.getChild('value').data[0]
      for (let row = 0; row < batch.numRows; row++) meter.addAt(values, valueOffsets[row], now)
    }
  })()
  meter.ready()
  const figures = await meter.done
  for (const each of [manager, ...idle]) await each.close()
  await reading
  return { ...figures, ...(idleCpu !== null && { idle_cpu_share: idleCpu }) }
}

/** The part of a core that this process takes, with nothing to read. */
async function cpuWhileIdle(seconds) {
  const before = process.cpuUsage()
  const started = performance.now()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1e3))
  const cpu = process.cpuUsage(before)
  return (cpu.user + cpu.system) / 1e3 / (performance.now() - started)
}
