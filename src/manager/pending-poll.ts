import { Deferred } from '../deferred.js'
import type { NativeError, NativeSlab } from '../native.js'

/** How a poll ended. */
export type PollOutcome =
  | { type: 'answered'; slab: NativeSlab | null }
  | { type: 'failed'; error: NativeError }
  /** By the caller's signal; `reason` is to be thrown as it is. */
  | { type: 'aborted'; reason: unknown }

/** The one poll that waits for an answer. */
export class PendingPoll {
  readonly #outcome = new Deferred<PollOutcome>()
  readonly #signal: AbortSignal | undefined
  readonly #onAbort: () => void

  constructor(signal: AbortSignal | undefined, onAbort: () => void) {
    this.#signal = signal
    this.#onAbort = onAbort
    signal?.addEventListener('abort', onAbort, { once: true })
  }

  get outcome(): Promise<PollOutcome> {
    return this.#outcome.promise
  }

  settle(outcome: PollOutcome): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#outcome.resolve(outcome)
  }
}
