import type { RecordBatch } from 'apache-arrow'
import { build } from 'hdr-histogram-js'
import type { ConsumerManager, RecordColumns } from 'tidemark'
import { count } from './print.js'

type Batch = RecordBatch<RecordColumns>

/** Ms from the sending of each row to now. */
export type Latencies = (batch: Batch) => Iterable<number>

const PRINT_EVERY_MS = 1_000
const US_PER_MS = 1_000

/** Shows live records with their latency, a line a second, until the signal. */
export async function live(
  manager: ConsumerManager,
  latencies: Latencies,
  signal: AbortSignal,
): Promise<void> {
  const histogram = build({ highestTrackableValue: 1e9, numberOfSignificantValueDigits: 3 })
  const percentile = (percent: number) =>
    `${(histogram.getValueAtPercentile(percent) / US_PER_MS).toFixed(2)} ms`
  const started = performance.now()
  let rows = 0
  let printed = 0
  const print = () => {
    const latency =
      histogram.totalCount === 0 ? '' : ` | latency p50 ${percentile(50)}, p99 ${percentile(99)}`
    console.log(`live | ${count(rows - printed)} rows/s | ${count(rows)} rows${latency}`)
    printed = rows
  }
  const timer = setInterval(print, PRINT_EVERY_MS)
  try {
    for await (const batch of manager.batches({ signal, autoRelease: true })) {
      const age = performance.now() - started
      for (const ms of latencies(batch)) {
        // What was written during the replay had to wait for its end.
        if (ms <= age) histogram.recordValue(Math.max(1, Math.round(ms * US_PER_MS)))
      }
      rows += batch.numRows
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    clearInterval(timer)
  }
}

/** Of records that carry performance.now() of this process as their value. */
export function* latenciesByValue(batch: Batch): Iterable<number> {
  const now = performance.now()
  const text = new TextDecoder()
  for (const value of batch.getChild('value') ?? []) yield now - Number(text.decode(value))
}

/** By the record's timestamp: of whole ms, and only as good as the clocks agree. */
export function* latenciesByTimestamp(batch: Batch): Iterable<number> {
  const now = Date.now()
  for (const timestamp of batch.getChild('timestamp') ?? []) {
    if (timestamp !== null) yield now - Number(timestamp)
  }
}
