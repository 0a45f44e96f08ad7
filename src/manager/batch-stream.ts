import type { RecordBatch, TypeMap } from 'apache-arrow'
import { describe } from '../describe.js'
import type { TidemarkErrorCode } from '../error-codes.js'
import { TidemarkError } from '../errors.js'
import { readOptions } from '../read-options.js'

const CODE = 'ERR_INVALID_ARGUMENT'

/** Options of `poll`. */
export interface PollOptions {
  /** When it aborts, the poll rejects with `signal.reason`. No row is lost: the next poll has them. */
  signal?: AbortSignal | undefined
}

/** Options of `batches`. */
export interface BatchesOptions extends PollOptions {
  /** Milliseconds that each poll may take: 1 or more. Default 1,000. */
  timeoutMs?: number | undefined
  /** Release each batch when the next one is asked for, and when the loop ends. Default false. */
  autoRelease?: boolean | undefined
}

/** What the stream needs of its manager. */
interface Source<Columns extends TypeMap> {
  poll(timeoutMs?: number, options?: PollOptions): Promise<RecordBatch<Columns>>
  release(batch: RecordBatch<Columns>): void
}

/** What a poll says once nothing more comes. */
const ENDS: readonly TidemarkErrorCode[] = ['ERR_CLOSED', 'ERR_ENDED']

/** The batches that have rows, one poll after another, until the stream ends or is closed. */
export async function* streamBatches<Columns extends TypeMap>(
  source: Source<Columns>,
  options: BatchesOptions,
): AsyncGenerator<RecordBatch<Columns>, void, undefined> {
  const { timeoutMs, signal, autoRelease } = readBatchesOptions(options)
  for (;;) {
    let batch: RecordBatch<Columns>
    try {
      batch = await source.poll(timeoutMs, { signal })
    } catch (error) {
      const isEnd = error instanceof TidemarkError && ENDS.includes(error.code)
      if (isEnd) return
      throw error
    }
    if (batch.numRows === 0) continue
    try {
      yield batch
    } finally {
      if (autoRelease) source.release(batch)
    }
  }
}

/** @throws TidemarkError `ERR_INVALID_ARGUMENT` */
export function readPollOptions(options: unknown): AbortSignal | undefined {
  // It has no names of its own, so that it would be taken for no options at all.
  // Also one that would not do as a signal: without own properties it would pass for no options.
  if (options instanceof EventTarget || isSignal(options)) {
    throw new TidemarkError(CODE, 'the signal goes into { signal }')
  }
  const { signal } = readOptions('poll', options, ['signal'], CODE)
  if (signal === undefined || isSignal(signal)) return signal
  throw new TidemarkError(CODE, `signal must be an AbortSignal, not ${describe(signal)}`)
}

/** The signal is left to `poll`. */
function readBatchesOptions(options: unknown) {
  const names = ['timeoutMs', 'signal', 'autoRelease'] as const
  const { timeoutMs, autoRelease = false, signal } = readOptions('batches', options, names, CODE)
  if (typeof autoRelease !== 'boolean') {
    throw new TidemarkError(CODE, `autoRelease must be true or false, not ${describe(autoRelease)}`)
  }
  // With 0 the loop would take a core for itself whenever nothing is there.
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 1)) {
    throw new TidemarkError(
      CODE,
      `timeoutMs of batches must be a number of milliseconds, 1 or more, not ${describe(timeoutMs)}; ` +
        'leave it out, or use poll(0) for what is ready now',
    )
  }
  return { timeoutMs, autoRelease, signal: signal as AbortSignal | undefined }
}

/** All that is used of one, which an EventTarget does not have. Not by class: realms have their own. */
function isSignal(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener, throwIfAborted } =
    (value as Partial<AbortSignal> | null) ?? {}
  return (
    typeof aborted === 'boolean' &&
    [addEventListener, removeEventListener, throwIfAborted].every((is) => typeof is === 'function')
  )
}
