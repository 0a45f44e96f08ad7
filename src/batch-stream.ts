import type { RecordBatch } from 'apache-arrow'
import { describe } from './describe.js'
import { TidemarkError } from './errors.js'
import type { RecordColumns } from './record-batch.js'

/** Options of `poll`. */
export interface PollOptions {
  /** Its abort rejects the poll with `signal.reason`; no record is lost, the next poll has them. */
  signal?: AbortSignal | undefined
}

/** Options of `batches`. */
export interface BatchesOptions extends PollOptions {
  /** Timeout of each poll below, ms; default 1,000. Batches without rows are not shown. */
  timeoutMs?: number | undefined
  /** Each batch is released when the next one is asked for, or the loop ends. Default false. */
  autoRelease?: boolean | undefined
}

/** What the stream needs of its manager. */
interface Source {
  poll(timeoutMs?: number, options?: PollOptions): Promise<RecordBatch<RecordColumns>>
  release(batch: RecordBatch<RecordColumns>): void
}

/** The batches that have rows, one poll after another, until the manager is closed. */
export async function* streamBatches(
  source: Source,
  options: BatchesOptions,
): AsyncGenerator<RecordBatch<RecordColumns>, void, undefined> {
  const { timeoutMs, signal, autoRelease } = readOptions(options)
  for (;;) {
    let batch: RecordBatch<RecordColumns>
    try {
      batch = await source.poll(timeoutMs, { signal })
    } catch (error) {
      if (error instanceof TidemarkError && error.code === 'ERR_CLOSED') return
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

function readOptions(options: BatchesOptions): BatchesOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalid(`batches takes { timeoutMs, signal, autoRelease }, not ${describe(options)}`)
  }
  const { timeoutMs, signal, autoRelease, ...others } = options
  for (const name of Object.keys(others)) throw invalid(`batches has no option '${name}'`)
  if (autoRelease !== undefined && typeof autoRelease !== 'boolean') {
    throw invalid(`autoRelease must be true or false, not ${describe(autoRelease)}`)
  }
  return { timeoutMs, signal, autoRelease }
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_ARGUMENT', message)
}
