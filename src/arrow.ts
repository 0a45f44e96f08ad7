/**
 * What is used of apache-arrow, each from its own file: the whole package takes a third longer to
 * load, and more memory. The classes are those of a user's `import 'apache-arrow'`.
 */
import type { Schema, TypeMap } from 'apache-arrow'
import { type Data, makeData } from 'apache-arrow/data'
import { RecordBatch } from 'apache-arrow/recordbatch'
import { Struct } from 'apache-arrow/type'

export type { RecordBatch, Vector } from 'apache-arrow'
export { type Data, makeData } from 'apache-arrow/data'
export { vectorFromArray } from 'apache-arrow/factories'
export { Field, Schema } from 'apache-arrow/schema'
export {
  Binary,
  Bool,
  type DataType,
  Dictionary,
  Int32,
  Int64,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow/type'

/** A RecordBatch out of its columns, in the schema's order. */
export function makeRecordBatch<Columns extends TypeMap>(
  schema: Schema<Columns>,
  rows: number,
  columns: Data[],
): RecordBatch<Columns> {
  const type = new Struct<Columns>(schema.fields)
  return new RecordBatch(
    schema,
    makeData({
      type,
      length: rows,
      nullCount: 0,
      children: columns as Data<Columns[keyof Columns]>[],
    }),
  )
}
