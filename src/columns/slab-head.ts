import type { NativeSlab } from '../native.js'

/** Numbers before the spans: rows, spans, columns, unsafe timestamps (SlabHead in native/columns/slab.h). */
const FIRST_SPAN = 4
/** The place of how many timestamps are beyond what Number.isSafeInteger takes. */
export const UNSAFE_TIMESTAMPS = 3
/** Numbers of a span: which buffer, where in it, bytes. */
const SPAN = 3

/** What a slab begins with, as 32-bit numbers. To be read while the slab is there. */
export type SlabHead = Uint32Array<ArrayBuffer>

export const headBytes = (spans: number, columns: number) =>
  (FIRST_SPAN + SPAN * spans + columns) * Uint32Array.BYTES_PER_ELEMENT

export function headOf({ buffers }: NativeSlab, spans: number, columns: number): SlabHead {
  return new Uint32Array(buffers[0] as ArrayBuffer, 0, FIRST_SPAN + SPAN * spans + columns)
}

export const rowsOf = (slab: NativeSlab) => headOf(slab, 0, 0)[0] as number

/** The place of span `index` in a head. */
export const placeOfSpan = (index: number) => FIRST_SPAN + SPAN * index
/** The place of the null count of column `index`. */
export const placeOfNulls = (spans: number, index: number) => placeOfSpan(spans) + index
