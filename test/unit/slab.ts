import { headBytes, placeOfNulls, placeOfSpan } from '../../src/columns/slab-head.js'
import { type NativeColumn, type NativeSlab, native } from '../../src/native.js'
import { DEFAULTS } from '../../src/options/options.js'

/** One row of a slab; what is left out is null, or 0. */
export interface Row {
  key?: string
  value?: string
  /** index into the sorted topic names */
  topic?: number
  partition?: number
  offset?: bigint
  timestamp?: bigint
}

/** The columns of these names, as native code describes them when a stream is open. */
export function columnsOf(
  topics: readonly string[],
  names: readonly string[] = DEFAULTS.columns,
): NativeColumn[] {
  return names.map((name) => {
    const column = native.columns().find((known) => known.name === name)
    if (!column) throw new Error(`no column ${name}`)
    return name === 'topic' ? { ...column, dictionary: [...topics].sort() } : column
  })
}

/** Lays rows out as native code does: buffers 64-byte aligned, for more rows than there are. */
export function slabOf(
  rows: Row[],
  columns = columnsOf([]),
  capacity = rows.length + 3,
): NativeSlab {
  const spans: [buffer: number, at: number, bytes: number][] = []
  const nullCounts: number[] = []
  const pieces: Uint8Array[] = []
  const grown: ArrayBuffer[] = []
  const spanCount = columns.reduce((sum, { format }) => sum + (format === 'z' ? 3 : 2), 0)
  const align = (bytes: number) => Math.ceil(bytes / 64) * 64
  let end = align(headBytes(spanCount, columns.length))
  const place = (bytes: Uint8Array, room: number, used = bytes.length) => {
    spans.push([0, end, used])
    pieces.push(Buffer.concat([bytes, Buffer.alloc(align(room) - bytes.length)]))
    end += align(room)
  }
  for (const { name, format, nullable } of columns) {
    const values = rows.map((row) => row[name as keyof Row])
    const nulls = nullable ? values.filter((value) => value === undefined).length : 0
    const bitmap = new Uint8Array(Math.ceil(rows.length / 8))
    values.forEach((value, i) => {
      if (value !== undefined) bitmap[i >> 3] = (bitmap[i >> 3] ?? 0) | (1 << (i & 7))
    })
    place(bitmap, Math.ceil(capacity / 8), nulls > 0 ? bitmap.length : 0)
    nullCounts.push(nulls)
    if (format === 'z') {
      const chunks = values.map((value) => Buffer.from((value as string | undefined) ?? ''))
      const offsets = new Int32Array(rows.length + 1)
      chunks.forEach((chunk, i) => {
        offsets[i + 1] = (offsets[i] as number) + chunk.length
      })
      place(new Uint8Array(offsets.buffer), (capacity + 1) * 4)
      // Longer than what is used, as a slab that has grown is.
      const [at, bytes] = [3, offsets[rows.length] as number]
      const buffer = new ArrayBuffer(at + bytes + 16)
      new Uint8Array(buffer).set(Buffer.concat(chunks), at)
      grown.push(buffer)
      spans.push([grown.length, at, bytes])
    } else {
      const numbers = values.map((value) => value ?? (name === 'timestamp' ? -1n : 0))
      const typed =
        format === 'i'
          ? Int32Array.from(numbers, Number)
          : format === 'c'
            ? Int8Array.from(numbers, Number)
            : BigInt64Array.from(numbers, BigInt)
      place(new Uint8Array(typed.buffer), capacity * typed.BYTES_PER_ELEMENT)
    }
  }
  const fixed = new ArrayBuffer(end)
  const unsafeTimestamps = columns.some(({ name }) => name === 'timestamp')
    ? rows.filter(
        ({ timestamp }) => timestamp !== undefined && !Number.isSafeInteger(Number(timestamp)),
      ).length
    : 0
  const head = new Uint32Array(fixed, 0, placeOfNulls(spanCount, columns.length))
  head.set([rows.length, spanCount, columns.length, unsafeTimestamps])
  head.set(spans.flat(), placeOfSpan(0))
  head.set(nullCounts, placeOfNulls(spanCount, 0))
  const first = align(headBytes(spanCount, columns.length))
  new Uint8Array(fixed).set(Buffer.concat(pieces), first)
  return { buffers: [fixed, ...grown] }
}
