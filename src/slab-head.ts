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
    this.rows = numbers[0] as number
    this.keyBytes = numbers[1] as number
    this.valueBytes = numbers[2] as number
    this.keyNulls = numbers[3] as number
    this.valueNulls = numbers[4] as number
    this.timestampNulls = numbers[5] as number
    this.offset = numbers[6] as number
    this.timestamp = numbers[7] as number
    this.topic = numbers[8] as number
    this.partition = numbers[9] as number
    this.keyOffsets = numbers[10] as number
    this.valueOffsets = numbers[11] as number
    this.keyValidity = numbers[12] as number
    this.valueValidity = numbers[13] as number
    this.timestampValidity = numbers[14] as number
    this.keysAt = numbers[15] as number
    this.valuesAt = numbers[16] as number
  }
}
