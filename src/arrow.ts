import { type Data, makeData, RecordBatch, type Schema, Struct, type TypeMap } from 'apache-arrow'

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
