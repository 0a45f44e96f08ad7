import {
  Binary,
  type Data,
  Dictionary,
  Field,
  Int32,
  Int64,
  makeData,
  makeRecordBatch,
  type RecordBatch,
  Schema,
  TimestampMillisecond,
  Utf8,
  type Vector,
  vectorFromArray,
} from './arrow.js'
import type { NativeSlab } from './native.js'

/** The columns of a RecordBatch that `poll` returns, in this order. */
export type RecordColumns = {
  /** null where the record has none; empty bytes are not null */
  key: Binary
  /** null for a tombstone */
  value: Binary
  topic: Dictionary<Utf8, Int32>
  partition: Int32
  offset: Int64
  /** UTC; null where the record has none */
  timestamp: TimestampMillisecond
}

interface Column<Name extends keyof RecordColumns = keyof RecordColumns> {
  nullable: boolean
  data(type: RecordColumns[Name], slab: NativeSlab, dictionary: Vector<Utf8>): Data
}

/** The one list of the columns (twin of SlabLayout in native/columns/slab.h). */
const COLUMNS: { [Name in keyof RecordColumns]: Column<Name> } = {
  key: {
    nullable: true,
    data: (type, { rows, fixed, keys, keyBytes, keyNulls, layout }) =>
      makeData({
        type,
        length: rows,
        nullCount: keyNulls,
        nullBitmap: bitmap(fixed, layout.keyValidity, rows, keyNulls),
        valueOffsets: new Int32Array(fixed, layout.keyOffsets, rows + 1),
        data: new Uint8Array(keys, 0, keyBytes),
      }),
  },
  value: {
    nullable: true,
    data: (type, { rows, fixed, values, valueBytes, valueNulls, layout }) =>
      makeData({
        type,
        length: rows,
        nullCount: valueNulls,
        nullBitmap: bitmap(fixed, layout.valueValidity, rows, valueNulls),
        valueOffsets: new Int32Array(fixed, layout.valueOffsets, rows + 1),
        data: new Uint8Array(values, 0, valueBytes),
      }),
  },
  topic: {
    nullable: false,
    data: (type, { rows, fixed, layout }, dictionary) =>
      makeData({
        type,
        length: rows,
        nullCount: 0,
        data: new Int32Array(fixed, layout.topic, rows),
        dictionary,
      }),
  },
  partition: {
    nullable: false,
    data: (type, { rows, fixed, layout }) =>
      makeData({
        type,
        length: rows,
        nullCount: 0,
        data: new Int32Array(fixed, layout.partition, rows),
      }),
  },
  offset: {
    nullable: false,
    data: (type, { rows, fixed, layout }) =>
      makeData({
        type,
        length: rows,
        nullCount: 0,
        data: new BigInt64Array(fixed, layout.offset, rows),
      }),
  },
  timestamp: {
    nullable: true,
    data: (type, { rows, fixed, timestampNulls, layout }) =>
      makeData({
        type,
        length: rows,
        nullCount: timestampNulls,
        nullBitmap: bitmap(fixed, layout.timestampValidity, rows, timestampNulls),
        data: new BigInt64Array(fixed, layout.timestamp, rows),
      }),
  },
}

const COLUMN_NAMES = Object.keys(COLUMNS) as (keyof RecordColumns)[]

/**
 * Lays RecordBatches over slabs, without a copy. One for a manager's life: all its batches share
 * one schema and one dictionary, since arrow's `Table` refuses to join others.
 */
export class RecordBatchFactory {
  readonly #schema: Schema<RecordColumns>
  readonly #dictionary: Vector<Utf8>

  /** @param topics names in any order: a row's topic is an index into them when sorted */
  constructor(topics: readonly string[]) {
    // Topic names are ASCII, so this order is that of their bytes, as on the native side.
    this.#dictionary = vectorFromArray([...topics].sort(), new Utf8())
    const types: RecordColumns = {
      key: new Binary(),
      value: new Binary(),
      topic: new Dictionary(new Utf8(), new Int32()),
      partition: new Int32(),
      offset: new Int64(),
      timestamp: new TimestampMillisecond('UTC'),
    }
    this.#schema = new Schema(
      COLUMN_NAMES.map((name) => new Field(name, types[name], COLUMNS[name].nullable)),
    )
  }

  /** @param slab null: a batch with zero rows */
  fromSlab(slab: NativeSlab | null): RecordBatch<RecordColumns> {
    const columns = slab ?? emptySlab()
    return makeRecordBatch(
      this.#schema,
      columns.rows,
      COLUMN_NAMES.map((name, index) =>
        (COLUMNS[name] as Column).data(
          this.#schema.fields[index]?.type as never,
          columns,
          this.#dictionary,
        ),
      ),
    )
  }
}

/** None where nothing is null: readers need not look then. */
function bitmap(
  fixed: ArrayBuffer,
  byteOffset: number,
  rows: number,
  nulls: number,
): Uint8Array | undefined {
  return nulls === 0 ? undefined : new Uint8Array(fixed, byteOffset, Math.ceil(rows / 8))
}

function emptySlab(): NativeSlab {
  return {
    rows: 0,
    fixed: new ArrayBuffer(8),
    keys: new ArrayBuffer(0),
    values: new ArrayBuffer(0),
    keyBytes: 0,
    valueBytes: 0,
    keyNulls: 0,
    valueNulls: 0,
    timestampNulls: 0,
    layout: {
      offset: 0,
      timestamp: 0,
      topic: 0,
      partition: 0,
      keyOffsets: 0,
      valueOffsets: 0,
      keyValidity: 0,
      valueValidity: 0,
      timestampValidity: 0,
    },
  }
}
