import type { NativeSlab } from '../../src/native.js'
import { SLAB_HEAD_BYTES, SLAB_HEAD_FIELDS, type SlabHead } from '../../src/slab-head.js'

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

/** Lays rows out as native code does: columns 64-byte aligned, for more rows than there are. */
export function slabOf(rows: Row[], capacity = rows.length + 3): NativeSlab {
  let end = Math.ceil(SLAB_HEAD_BYTES / 64) * 64
  const place = (bytes: number) => {
    const start = end
    end = Math.ceil((start + bytes) / 64) * 64
    return start
  }
  const bitmapBytes = Math.ceil(capacity / 8)
  const layout = {
    offset: place(capacity * 8),
    timestamp: place(capacity * 8),
    topic: place(capacity * 4),
    partition: place(capacity * 4),
    keyOffsets: place((capacity + 1) * 4),
    valueOffsets: place((capacity + 1) * 4),
    keyValidity: place(bitmapBytes),
    valueValidity: place(bitmapBytes),
    timestampValidity: place(bitmapBytes),
  }
  const fixed = new ArrayBuffer(end)
  const view = new DataView(fixed)
  const bitmap = (start: number, isValid: (row: Row) => boolean) => {
    const bytes = new Uint8Array(fixed, start, bitmapBytes)
    rows.forEach((row, i) => {
      if (isValid(row)) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7))
    })
    return rows.filter((row) => !isValid(row)).length
  }
  const binary = (start: number, bytesOf: (row: Row) => string | undefined) => {
    const chunks = rows.map((row) => Buffer.from(bytesOf(row) ?? ''))
    let bytes = 0
    chunks.forEach((chunk, i) => {
      bytes += chunk.length
      view.setInt32(start + (i + 1) * 4, bytes, true)
    })
    // Longer than what is used, as a slab that has grown is.
    const at = 3
    const buffer = new ArrayBuffer(at + bytes + 16)
    new Uint8Array(buffer).set(Buffer.concat(chunks), at)
    return { buffer, bytes, at }
  }
  rows.forEach((row, i) => {
    view.setBigInt64(layout.offset + i * 8, row.offset ?? 0n, true)
    view.setBigInt64(layout.timestamp + i * 8, row.timestamp ?? -1n, true)
    view.setInt32(layout.topic + i * 4, row.topic ?? 0, true)
    view.setInt32(layout.partition + i * 4, row.partition ?? 0, true)
  })
  const keys = binary(layout.keyOffsets, ({ key }) => key)
  const values = binary(layout.valueOffsets, ({ value }) => value)
  const head: SlabHead = {
    rows: rows.length,
    keyBytes: keys.bytes,
    valueBytes: values.bytes,
    keyNulls: bitmap(layout.keyValidity, ({ key }) => key !== undefined),
    valueNulls: bitmap(layout.valueValidity, ({ value }) => value !== undefined),
    timestampNulls: bitmap(layout.timestampValidity, ({ timestamp }) => timestamp !== undefined),
    unsafeTimestamps: rows.filter(
      ({ timestamp }) => timestamp !== undefined && !Number.isSafeInteger(Number(timestamp)),
    ).length,
    ...layout,
    keysAt: keys.at,
    valuesAt: values.at,
  }
  SLAB_HEAD_FIELDS.forEach((name, i) => {
    view.setUint32(i * 4, head[name], true)
  })
  return { fixed, keys: keys.buffer, values: values.buffer }
}
