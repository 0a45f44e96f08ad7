import type { NativeSlab } from './native.js'

const COUNT = 17

/**
 * What a slab begins with: 32-bit numbers, in the order of these properties (twin of SlabHead in
 * native/columns/slab.h).
 */
export class SlabHead {
  readonly rows: number
  readonly keyBytes: number
  readonly valueBytes: number
  readonly keyNulls: number
  readonly valueNulls: number
  readonly timestampNulls: number
  /** Byte offsets of the columns within `fixed`, from this one to `timestampValidity`. */
  readonly offset: number
  readonly timestamp: number
  readonly topic: number
  readonly partition: number
  readonly keyOffsets: number
  readonly valueOffsets: number
  readonly keyValidity: number
  readonly valueValidity: number
  readonly timestampValidity: number
  /** Where the bytes of the first key begin within `keys`. */
  readonly keysAt: number
  /** Where those of the first value begin within `values`. */
  readonly valuesAt: number

  constructor({ fixed }: NativeSlab) {
    const numbers = new Uint32Array(fixed, 0, COUNT)
    const at = (index: number) => numbers[index] as number
    this.rows = at(0)
    this.keyBytes = at(1)
    this.valueBytes = at(2)
    this.keyNulls = at(3)
    this.valueNulls = at(4)
    this.timestampNulls = at(5)
    this.offset = at(6)
    this.timestamp = at(7)
    this.topic = at(8)
    this.partition = at(9)
    this.keyOffsets = at(10)
    this.valueOffsets = at(11)
    this.keyValidity = at(12)
    this.valueValidity = at(13)
    this.timestampValidity = at(14)
    this.keysAt = at(15)
    this.valuesAt = at(16)
  }
}
