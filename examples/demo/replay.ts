import { MultiBar, type Options, type SingleBar } from 'cli-progress'
import type { ConsumerManager } from 'tidemark'
import { count, perSecond, printState, time } from './print.js'

/** Two lines, so that they fit a terminal of 80 columns. */
const BAR = 'replay {bar} {percentage} % | {rows} rows | {rate} rows/s'
const FIGURES = 'watermark {mark} | held {held} | paused {paused}'

const OPTIONS: Options = {
  barsize: 20,
  barCompleteChar: '#',
  barIncompleteChar: '.',
  hideCursor: true,
  gracefulExit: false,
  stream: process.stdout,
  // Without a terminal: once a second.
  noTTYOutput: true,
  notTTYSchedule: 1_000,
}

/** Reads until the stream is live, and checks the order of what comes. */
export async function replay(manager: ConsumerManager, signal: AbortSignal): Promise<void> {
  const bars = new MultiBar(OPTIONS)
  const lines: SingleBar[] = []
  const started = performance.now()
  let rows = 0
  let stepsBack = 0
  let latest: bigint | null = null
  try {
    while (!manager.isLive()) {
      const batch = await manager.poll(1_000, { signal })
      const timestamps = batch.getChild('timestamp')
      const exact = timestamps?.toArray() as BigInt64Array
      for (const [row, timestamp] of exact.entries()) {
        if (!timestamps?.isValid(row)) continue
        if (latest !== null && timestamp < latest) stepsBack++
        else latest = timestamp
      }
      rows += batch.numRows
      manager.release(batch)

      const figures = {
        rows: count(rows),
        rate: perSecond(rows, started),
        mark: time(manager.getPrimingWatermark()),
        held: count(manager.heldMessageCount()),
        paused: manager.pausedPartitionCount(),
      }
      if (rows > 0 && lines.length === 0) {
        printState('The partitions after the first batch', manager)
        const total = offsetsToReplay(manager)
        for (const format of [BAR, FIGURES]) {
          lines.push(bars.create(total, rows, figures, { format }))
        }
      }
      for (const line of lines) line.update(rows, figures)
    }
    for (const line of lines) line.setTotal(rows)
  } finally {
    if (lines.length > 0) bars.stop() // shows the cursor again
  }
  if (rows === 0) return console.log('Nothing to replay.')
  const seconds = ((performance.now() - started) / 1e3).toFixed(2)
  console.log(
    `\nReplayed ${count(rows)} rows in ${seconds} s, ${perSecond(rows, started)} rows/s; ` +
      `the timestamp stepped back ${count(stepsBack)} times.`,
  )
}

/** A few more than rows where transactions are: their markers take offsets, too. */
function offsetsToReplay(manager: ConsumerManager): number {
  const state = manager.partitionState()
  let offsets = 0n
  for (const { replay_start_offset, replay_end_offset } of state) {
    offsets += replay_end_offset - replay_start_offset
  }
  return Number(offsets)
}
