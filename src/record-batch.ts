import {
  Binary,
  Data,
  Dictionary,
  Field,
  Int32,
  Int64,
  makeRecordBatch,
  type RecordBatch,
  Schema,
  share,
  TimestampMillisecond,
  Utf8,
  type Vector,
  vectorFromArray,
} from './arrow.js'
import type { NativeSlab } from './native.js'
import { headOf, SLAB_HEAD_BYTES, type SlabHead } from './slab-head.js'
import { withReadableCells } from './unsafe-timestamps.js'

/** The columns of a RecordBatch that `poll` returns, in this order. */
export type RecordColumns = {
  /** null where the record has none; empty bytes are not null */
  key: Binary
  /** null for a tombstone */
  value: Binary
  topic: Dictionary<Utf8, Int32>
  partition: Int32
  offset: Int64
  /**
   * UTC; null where the record has none. A cell is a number, beyond 2^53 the nearest that there is;
   * the column's toArray() has every one exactly.
   */
  timestamp: TimestampMillisecond
}

interface Column<Name extends keyof RecordColumns = keyof RecordColumns> {
  nullable: boolean
  data(
    type: RecordColumns[Name],
    slab: NativeSlab,
    head: SlabHead,
    dictionary: Vector<Utf8>,
  ): Data<RecordColumns[Name]>
}

/**
 * The one list of the columns (twin of SlabLayout in native/columns/slab.h). Arrow's makeData, which
 * takes anything for a buffer and looks at what it is, costs several times the Data that it makes.
 */
const COLUMNS: { [Name in keyof RecordColumns]: Column<Name> } = {
  key: {
    nullable: true,
    data: (type, { fixed, keys }, { rows, keyOffsets, keysAt, keyBytes, keyValidity, keyNulls }) =>
      new Data(type, 0, rows, keyNulls, [
        new Int32Array(fixed, keyOffsets, rows + 1),
        new Uint8Array(keys, keysAt, keyBytes),
        bitmap(fixed, keyValidity, rows, keyNulls),
      ]),
  },
  value: {
    nullable: true,
    data: (type, { fixed, values }, head) =>
      new Data(type, 0, head.rows, head.valueNulls, [
        new Int32Array(fixed, head.valueOffsets, head.rows + 1),
        new Uint8Array(values, head.valuesAt, head.valueBytes),
        bitmap(fixed, head.valueValidity, head.rows, head.valueNulls),
      ]),
  },
  topic: {
    nullable: false,
    data: (type, { fixed }, { rows, topic }, dictionary) =>
      new Data(
        type,
        0,
        rows,
        0,
        [undefined, new Int32Array(fixed, topic, rows), noBitmap(fixed)],
        [],
        dictionary,
      ),
  },
  partition: {
    nullable: false,
    data: (type, { fixed }, { rows, partition }) =>
      new Data(type, 0, rows, 0, [
        undefined,
        new Int32Array(fixed, partition, rows),
        noBitmap(fixed),
      ]),
  },
  offset: {
    nullable: false,
    data: (type, { fixed }, { rows, offset }) =>
      new Data(type, 0, rows, 0, [
        undefined,
        new BigInt64Array(fixed, offset, rows),
        noBitmap(fixed),
      ]),
  },
  timestamp: {
    nullable: true,
    data: (type, { fixed }, head) => {
      const data = new Data(type, 0, head.rows, head.timestampNulls, [
        undefined,
        new BigInt64Array(fixed, head.timestamp, head.rows),
        bitmap(fixed, head.timestampValidity, head.rows, head.timestampNulls),
      ])
      return head.unsafeTimestamps === 0 ? data : withReadableCells(data)
    },
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
    this.#schema = share(
      new Schema(COLUMN_NAMES.map((name) => new Field(name, types[name], COLUMNS[name].nullable))),
    )
  }

  /** @param slab null: a batch with zero rows */
  fromSlab(slab: NativeSlab | null): RecordBatch<RecordColumns> {
    const columns = slab ?? emptySlab()
    const head = headOf(columns)
    return makeRecordBatch(
      this.#schema,
      head.rows,
      COLUMN_NAMES.map((name, index) =>
        (COLUMNS[name] as Column).data(
          this.#schema.fields[index]?.type as never,
          columns,
          head,
          this.#dictionary,
        ),
      ),
    )
  }
}

/**
 * Where nothing is null: readers need not look then. Of the batch's own memory all the same: who moves a
 * batch to another thread lists the buffer of every view, and one of others would be gone.
 */
function noBitmap(fixed: ArrayBuffer): Uint8Array {
  return new Uint8Array(fixed, 0, 0)
}

function bitmap(fixed: ArrayBuffer, byteOffset: number, rows: number, nulls: number): Uint8Array {
  return nulls === 0 ? noBitmap(fixed) : new Uint8Array(fixed, byteOffset, Math.ceil(rows / 8))
}

/** All zero: no rows. Anew for each batch, as above. */
function emptySlab(): NativeSlab {
  const empty = new ArrayBuffer(SLAB_HEAD_BYTES)
  return { fixed: empty, keys: empty, values: empty }
}
