import { type RecordBatch, Table, tableFromIPC, tableToIPC } from 'apache-arrow'
import type { ColumnName, RecordColumns } from '../../src/columns/columns.js'
import { RecordBatchFactory } from '../../src/columns/record-batch.js'
import { type NativeSlab, native } from '../../src/native.js'
import { columnsOf, type Row, slabOf } from './slab.js'

const ROWS: Row[] = [
  { key: 'k', value: 'one', topic: 1, partition: 0, offset: 7n, timestamp: 100n },
  { value: '', topic: 0, partition: 2, offset: 8n, timestamp: -5n },
  { key: '', topic: 1, partition: 1, offset: 2n ** 62n },
]

const EXPECTED = [
  { key: 'k', value: 'one', topic: 'trades', partition: 0, offset: 7n, timestamp: 100 },
  { key: null, value: '', topic: 'quotes', partition: 2, offset: 8n, timestamp: -5 },
  { key: '', value: null, topic: 'trades', partition: 1, offset: 2n ** 62n, timestamp: null },
]

const factory = () => new RecordBatchFactory<RecordColumns>(columnsOf(['trades', 'quotes']))

/** Rows as plain objects, keys and values as text. */
function plain(batch: RecordBatch<RecordColumns> | Table<RecordColumns>) {
  const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString()
  return batch.toArray().map((row) => {
    const { key, value, ...rest } = row?.toJSON() ?? {}
    return { key: text(key), value: text(value), ...rest }
  })
}

test('a batch has the columns in order, with their types', () => {
  const { fields } = factory().fromSlab(slabOf(ROWS)).schema
  expect(fields.map(({ name, type, nullable }) => [name, String(type), nullable])).toEqual([
    ['key', 'Binary', true],
    ['value', 'Binary', true],
    ['topic', 'Dictionary<Int32, Utf8>', false],
    ['partition', 'Int32', false],
    ['offset', 'Int64', false],
    ['timestamp', 'Timestamp<MILLISECOND, UTC>', true],
  ])
})

test('a batch tells null from empty, in every column', () => {
  const batch = factory().fromSlab(slabOf(ROWS))
  expect(batch.numRows).toBe(3)
  expect(plain(batch)).toEqual(EXPECTED)
  expect(batch.get(1)?.topic).toBe('quotes')
  expect(batch.getChild('key')?.nullCount).toBe(1)
  expect(batch.getChild('offset')?.toArray()).toEqual(new BigInt64Array([7n, 8n, 2n ** 62n]))
})

test('a batch lies over the slab, without a copy', () => {
  const slab = slabOf(ROWS)
  const batch = factory().fromSlab(slab)
  for (const { values, valueOffsets } of batch.data.children) {
    expect(slab.buffers).toContain(values.buffer)
    if (valueOffsets) expect(valueOffsets.buffer).toBe(slab.buffers[0])
  }
})

test('a batch shares no memory with another one, so that each can be moved to another thread', () => {
  const batches = factory()
  const row = { key: 'a', value: 'b', timestamp: 1n }
  for (const slab of [slabOf([row]), slabOf([row]), slabOf(ROWS), null, null]) {
    const batch = batches.fromSlab(slab)
    const views = batch.data.children.flatMap(({ buffers }) => Object.values(buffers))
    const transfer = [
      ...new Set(views.flatMap((view) => (view ? [view.buffer as ArrayBuffer] : []))),
    ]
    expect(() => structuredClone(views, { transfer })).not.toThrow()
  }
})

test('a batch reads bitmaps across bytes', () => {
  const rows = Array.from({ length: 21 }, (_, i) => (i % 3 ? { key: `k${i}` } : {}))
  const batch = factory().fromSlab(slabOf(rows))
  expect(plain(batch).map(({ key }) => key)).toEqual(rows.map(({ key }) => key ?? null))
})

test('a batch needs no bitmap where nothing is null', () => {
  const batch = factory().fromSlab(slabOf([{ key: 'a', value: 'b', timestamp: 1n }]))
  expect(batch.getChild('key')?.data[0]?.nullBitmap).toHaveLength(0)
  expect(plain(batch)[0]).toMatchObject({ key: 'a', value: 'b', timestamp: 1 })
})

test('a batch has the columns that were chosen, in their order', () => {
  const names: ColumnName[] = ['timestamp', 'value', 'topic']
  const columns = columnsOf(['trades', 'quotes'], names)
  const batch = new RecordBatchFactory(columns).fromSlab(slabOf(ROWS, columns))
  expect(batch.schema.fields.map(({ name }) => name)).toEqual(names)
  expect([...(batch.getChild('timestamp') ?? [])]).toEqual([100, -5, null])
  expect([...(batch.getChild('topic') ?? [])]).toEqual(['trades', 'quotes', 'trades'])
  expect([...(batch.getChild('value') ?? [])].map((value) => value?.length)).toEqual([
    3,
    0,
    undefined,
  ])
})

test('a batch reads every column that native code has a writer for', () => {
  const columns = native.columns()
  expect(columns.map(({ name }) => name)).toEqual([...new Set(columns.map(({ name }) => name))])
  const batch = new RecordBatchFactory(columns).fromSlab(slabOf([], columns))
  expect(batch.numCols).toBe(columns.length)
})

test('batches of one manager join to a Table and go through IPC', () => {
  const batches = factory()
  const table = new Table([
    batches.fromSlab(slabOf(ROWS)),
    batches.fromSlab(null),
    batches.fromSlab(slabOf(ROWS)),
  ])
  expect(plain(table)).toEqual([...EXPECTED, ...EXPECTED])
  for (const format of ['stream', 'file'] as const) {
    expect(plain(tableFromIPC<RecordColumns>(tableToIPC(table, format)))).toEqual(plain(table))
  }
})

test.each([null, slabOf([])])(
  'a slab without rows is a batch all the same',
  (slab: NativeSlab | null) => {
    const batch = factory().fromSlab(slab)
    expect(batch.numRows).toBe(0)
    expect(batch.numCols).toBe(6)
    expect(batch.toArray()).toEqual([])
    expect(tableFromIPC(tableToIPC(new Table([batch]))).numRows).toBe(0)
  },
)

test('topics are numbered in byte order, whatever the order they were given in', () => {
  const batch = new RecordBatchFactory(columnsOf(['b', 'a', 'B', 'a.b', 'a-b'])).fromSlab(
    slabOf([0, 1, 2, 3, 4].map((topic) => ({ topic }))),
  )
  expect([...(batch.getChild('topic') ?? [])]).toEqual(['B', 'a', 'a-b', 'a.b', 'b'])
})
