// tidemark through its public API: the whole replay as RecordBatches, each released after use.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ConsumerManager, SourceTopic } from '../../dist/esm/index.js'
import { packageVersion } from '../support/versions.mjs'

export const name = 'tidemark'
export const gives = 'records in timestamp order, as Arrow'
export const version = () => packageVersion(new URL('../../package.json', import.meta.url))

const BATCH_SIZE = 50_000

export async function run({ bootstrap, topic, records, check }) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const order = check ? new OrderCheck() : null
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  delay.enable()
  const manager = await ConsumerManager.create({
    config: { 'bootstrap.servers': bootstrap },
    topics: [SourceTopic.fromEarliest(topic)],
    batchSize: BATCH_SIZE,
  })
  let first = null
  let last = started
  let rows = 0
  let bytes = 0
  while (rows < records && !manager.isLive()) {
    const batch = await manager.poll(10_000)
    last = performance.now()
    if (batch.numRows === 0) continue
    first ??= last
    rows += batch.numRows
    bytes += binaryBytes(batch, 'key') + binaryBytes(batch, 'value')
    order?.add(batch)
    manager.release(batch)
  }
  delay.disable()
  const cpu = process.cpuUsage(cpuBefore)
  await manager.close()
  return {
    records: rows,
    bytes,
    seconds_first_to_last: (last - first) / 1e3,
    seconds_total: (last - started) / 1e3,
    cpu_seconds: (cpu.user + cpu.system) / 1e6,
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
    event_loop_delay_p99_ms: delay.percentile(99) / 1e6,
    ...(order && { steps_back: order.stepsBack, disorder: order.disorder, gaps: order.gaps }),
  }
}

/** The bytes of a Binary column: the end of its last value, without a look at the values. */
function binaryBytes(batch, column) {
  let bytes = 0
  for (const { valueOffsets, length } of batch.getChild(column).data) {
    bytes += valueOffsets[length] - valueOffsets[0]
  }
  return bytes
}

/** The order that is promised: by (merge key, partition), and by offset within a partition. */
class OrderCheck {
  stepsBack = 0
  disorder = 0
  gaps = 0
  #latest = -Infinity
  #key = -Infinity
  #partition = -1
  #ofPartition = new Map()

  add(batch) {
    const timestamps = batch.getChild('timestamp').data[0].values
    const partitions = batch.getChild('partition').data[0].values
    const offsets = batch.getChild('offset').data[0].values
    for (let row = 0; row < batch.numRows; row++) {
      const timestamp = Number(timestamps[row])
      const partition = partitions[row]
      const offset = Number(offsets[row])
      const state = this.#ofPartition.get(partition) ?? { key: -Infinity, next: offset }
      this.#ofPartition.set(partition, state)
      if (offset !== state.next) this.gaps++
      state.next = offset + 1
      state.key = Math.max(state.key, timestamp)
      const isBehind =
        state.key < this.#key || (state.key === this.#key && partition < this.#partition)
      if (isBehind) this.disorder++
      this.#key = state.key
      this.#partition = partition
      if (timestamp < this.#latest) this.stepsBack++
      this.#latest = timestamp
    }
  }
}
