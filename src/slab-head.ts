import type { NativeSlab } from './native.js'

/**
 * What a slab begins with: 32-bit numbers, in this order (twin of TIDEMARK_SLAB_HEAD in
 * native/columns/slab.h).
 */
export const SLAB_HEAD_FIELDS = [
  'rows',
  'keyBytes',
  'valueBytes',
  'keyNulls',
  'valueNulls',
  'timestampNulls',
  // How many are beyond what Number.isSafeInteger takes.
  'unsafeTimestamps',
  // Byte offsets of the columns within `fixed`, from this one to `timestampValidity`.
  'offset',
  'timestamp',
  'topic',
  'partition',
  'keyOffsets',
  'valueOffsets',
  'keyValidity',
  'valueValidity',
  'timestampValidity',
  // Where the bytes of the first key begin within `keys`, and those of the first value in `values`.
  'keysAt',
  'valuesAt',
] as const

export type SlabHead = Readonly<Record<(typeof SLAB_HEAD_FIELDS)[number], number>>

export const SLAB_HEAD_BYTES = SLAB_HEAD_FIELDS.length * Uint32Array.BYTES_PER_ELEMENT

/** Reads a field when it is asked for: to copy all in a loop takes a live batch several times as long. */
class LazyHead {
  readonly numbers: Uint32Array

  constructor(fixed: ArrayBuffer) {
    this.numbers = new Uint32Array(fixed, 0, SLAB_HEAD_FIELDS.length)
  }
}
for (const [index, name] of SLAB_HEAD_FIELDS.entries()) {
  Object.defineProperty(LazyHead.prototype, name, {
    get(this: LazyHead) {
      return this.numbers[index]
    },
  })
}

/** To be read while the slab is there. */
export function headOf({ fixed }: NativeSlab): SlabHead {
  return new LazyHead(fixed) as unknown as SlabHead
}
