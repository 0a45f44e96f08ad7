import type { NativeColumn, NativeSlab } from '../native.js'
import {
  Binary,
  Data,
  type DataType,
  Dictionary,
  Field,
  Int8,
  Int32,
  Int64,
  makeRecordBatch,
  type RecordBatch,
  Schema,
  share,
  TimestampMillisecond,
  type TypeMap,
  Utf8,
  type Vector,
  vectorFromArray,
} from './arrow.js'
import type { ColumnName, ColumnsOf } from './columns.js'
import {
  headBytes,
  headOf,
  placeOfNulls,
  placeOfSpan,
  type SlabHead,
  UNSAFE_TIMESTAMPS,
} from './slab-head.js'
import { withReadableCells } from './unsafe-timestamps.js'

/** What a format of the Arrow C data interface is here. */
interface Format {
  type(): DataType
  /** A view of the values; of bytes for those that have offsets. */
  values:
    | Int8ArrayConstructor
    | Int32ArrayConstructor
    | BigInt64ArrayConstructor
    | Uint8ArrayConstructor
  hasOffsets?: true
  isTimestamp?: true
}

/** Those that native/columns/known_columns.h uses. */
const FORMATS: Readonly<Record<string, Format>> = {
  z: { type: () => new Binary(), values: Uint8Array, hasOffsets: true },
  c: { type: () => new Int8(), values: Int8Array },
  i: { type: () => new Int32(), values: Int32Array },
  l: { type: () => new Int64(), values: BigInt64Array },
  'tsm:UTC': {
    type: () => new TimestampMillisecond('UTC'),
    values: BigInt64Array,
    isTimestamp: true,
  },
}

/**
 * Makes the Data of one column. Arrow's makeData, which takes anything for a buffer and looks at what
 * it is, costs several times the Data that it makes.
 */
class ColumnReader {
  readonly field: Field
  readonly #type: DataType
  readonly #values: Format['values']
  readonly #hasOffsets: boolean
  readonly #isTimestamp: boolean
  readonly #dictionary: Vector<Utf8> | undefined
  /** Places in the head. */
  readonly #validity: number
  readonly #offsets: number
  readonly #bytes: number
  readonly nulls: number

  constructor(column: NativeColumn, firstSpan: number, nulls: number) {
    const { name, nullable, dictionary } = column
    const { type, values, hasOffsets = false, isTimestamp = false } = formatOf(column)
    this.#type = dictionary ? new Dictionary(new Utf8(), type() as Int8 | Int32) : type()
    this.#dictionary = dictionary ? vectorFromArray(dictionary, new Utf8()) : undefined
    this.field = new Field(name, this.#type, nullable)
    this.#values = values
    this.#hasOffsets = hasOffsets
    this.#isTimestamp = isTimestamp
    this.#validity = placeOfSpan(firstSpan)
    this.#offsets = placeOfSpan(firstSpan + 1)
    this.#bytes = placeOfSpan(firstSpan + (hasOffsets ? 2 : 1))
    this.nulls = nulls
  }

  data({ buffers }: NativeSlab, head: SlabHead, rows: number): Data {
    const Values = this.#values
    const buffer = (place: number) => buffers[head[place] as number] as ArrayBuffer
    const at = (place: number) => head[place + 1] as number
    const bytes = (place: number) => head[place + 2] as number
    const data = new Data(
      this.#type,
      0,
      rows,
      head[this.nulls] as number,
      [
        this.#hasOffsets
          ? new Int32Array(buffer(this.#offsets), at(this.#offsets), rows + 1)
          : (undefined as never),
        new Values(
          buffer(this.#bytes),
          at(this.#bytes),
          bytes(this.#bytes) / Values.BYTES_PER_ELEMENT,
        ),
        // Empty where nothing is null: readers need not look then. Of the batch's own memory all the
        // same: who moves a batch to another thread lists the buffer of every view, and one of
        // others would be gone.
        new Uint8Array(buffer(this.#validity), at(this.#validity), bytes(this.#validity)),
      ],
      [],
      this.#dictionary,
    )
    return this.#isTimestamp && head[UNSAFE_TIMESTAMPS] !== 0
      ? withReadableCells(data as Data<TimestampMillisecond>)
      : data
  }
}

/**
 * Lays RecordBatches over slabs, without a copy. One for a manager's life: all its batches share
 * one schema and its dictionaries, since arrow's `Table` refuses to join others.
 */
export class RecordBatchFactory<Columns extends TypeMap = ColumnsOf<ColumnName>> {
  readonly #schema: Schema<Columns>
  readonly #readers: readonly ColumnReader[]
  readonly #spans: number

  /** @param columns as native code describes them, in the order of a slab */
  constructor(columns: readonly NativeColumn[]) {
    const spansOf = (column: NativeColumn) => (formatOf(column).hasOffsets ? 3 : 2)
    const spans = columns.reduce((sum, column) => sum + spansOf(column), 0)
    let span = 0
    this.#spans = spans
    this.#readers = columns.map((column, index) => {
      const reader = new ColumnReader(column, span, placeOfNulls(spans, index))
      span += spansOf(column)
      return reader
    })
    this.#schema = share(new Schema(this.#readers.map(({ field }) => field)))
  }

  /** @param slab null: a batch with zero rows */
  fromSlab(slab: NativeSlab | null): RecordBatch<Columns> {
    const columns = slab ?? this.#emptySlab()
    const head = headOf(columns, this.#spans, this.#readers.length)
    const rows = head[0] as number
    return makeRecordBatch(
      this.#schema,
      rows,
      this.#readers.map((reader) => reader.data(columns, head, rows)),
    )
  }

  /** All zero: no rows. Anew for each batch: each can be moved to another thread. */
  #emptySlab(): NativeSlab {
    return { buffers: [new ArrayBuffer(headBytes(this.#spans, this.#readers.length))] }
  }
}

function formatOf({ name, format }: NativeColumn): Format {
  const found = FORMATS[format]
  if (!found) throw new Error(`the column '${name}' has a format without a reader, '${format}'`)
  return found
}
