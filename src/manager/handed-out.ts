import type { RecordBatch } from 'apache-arrow'
import { TidemarkError } from '../errors.js'
import type { NativeEngine, NativeSlab } from '../native.js'

/** The RecordBatches that a manager has handed out, with the slab below each. */
export class HandedOutBatches {
  /** null: without rows, or released */
  readonly #slabs = new WeakMap<RecordBatch, NativeSlab | null>()

  add(batch: RecordBatch, slab: NativeSlab | null): void {
    this.#slabs.set(batch, slab)
  }

  /** @throws TidemarkError `ERR_INVALID_ARGUMENT` for anything that was not added */
  release(batch: RecordBatch, engine: Pick<NativeEngine, 'release'>): void {
    const slab = this.#slabs.get(batch)
    if (slab === undefined) {
      throw new TidemarkError(
        'ERR_INVALID_ARGUMENT',
        'release takes a RecordBatch as poll returned it: not a slice, a Table, or a batch of ' +
          'another manager',
      )
    }
    if (slab === null) return
    this.#slabs.set(batch, null)
    engine.release(slab)
    // Arrow would read detached memory as undefined and zeros, in silence.
    Object.defineProperty(batch, 'data', {
      get() {
        throw new TidemarkError(
          'ERR_RELEASED',
          'this RecordBatch was released; copy what you need of it before you release it',
        )
      },
    })
  }
}
