import { RecordBatch, Table, tableFromIPC, tableToIPC, Vector } from 'apache-arrow'
import type { RecordColumns } from '../../src/columns/columns.js'
import { toPartitionState } from '../../src/columns/partition-state.js'
import { RecordBatchFactory } from '../../src/columns/record-batch.js'
import { partition } from './fake-engine.js'
import { columnsOf, slabOf } from './slab.js'

const LIMIT = 2n ** 53n
const DATE_LIMIT = 8_640_000_000_000_000n
const TIMESTAMPS: (bigint | null)[] = [
  5n,
  1_790_000_000_000_000_000n,
  null,
  -(2n ** 63n),
  2n ** 63n - 1n,
  LIMIT - 1n,
  LIMIT,
  LIMIT + 1n,
  1n - LIMIT,
  -LIMIT,
  -LIMIT - 1n,
  DATE_LIMIT + 1n,
  -DATE_LIMIT - 1n,
]
const NUMBERS = TIMESTAMPS.map((each) => (each === null ? null : Number(each)))
/** Bytes of a null's cell mean nothing. */
const EXACT = TIMESTAMPS.map((each) => each ?? -1n)

const factory = new RecordBatchFactory<RecordColumns>(columnsOf(['t']))
const batchOf = (timestamps = TIMESTAMPS) =>
  factory.fromSlab(slabOf(timestamps.map((timestamp) => (timestamp === null ? {} : { timestamp }))))
const columnOf = (from: RecordBatch<RecordColumns> | Table<RecordColumns>) =>
  from.getChild('timestamp') as Vector<RecordColumns['timestamp']>
const indices = NUMBERS.map((_, i) => i)

type Batch = RecordBatch<RecordColumns>
const ways: [string, (batch: Batch) => unknown[]][] = [
  ['rows', (batch) => [...batch].map(({ timestamp }) => timestamp)],
  ['rows again', (batch) => [...batch].map((row) => [row.timestamp, row.timestamp][1])],
  ['get', (batch) => indices.map((i) => batch.get(i)?.timestamp)],
  ['at', (batch) => indices.map((i) => batch.at(i)?.timestamp)],
  ['toArray', (batch) => batch.toArray().map((row) => row?.timestamp)],
  ['toJSON', (batch) => [...batch].map((row) => row.toJSON().timestamp)],
  ['spread', (batch) => [...batch].map((row) => ({ ...row }).timestamp)],
  ['entries', (batch) => [...batch].map((row) => [...row].at(-1)?.[1])],
  ['cells', (batch) => [...columnOf(batch)]],
  ['get of the column', (batch) => indices.map((i) => columnOf(batch).get(i))],
  ['at of the column', (batch) => indices.map((i) => columnOf(batch).at(i))],
  ['toJSON of the column', (batch) => columnOf(batch).toJSON()],
  ['JSON of the column', (batch) => JSON.parse(JSON.stringify(columnOf(batch)))],
  ['memoized', (batch) => indices.map((i) => columnOf(batch).memoize().get(i))],
  ['cells of a slice', (batch) => [null, ...columnOf(batch).slice(1)].with(0, 5)],
  ['rows of a slice', (batch) => [5, ...[...batch.slice(1)].map(({ timestamp }) => timestamp)]],
  ['a slice of a slice', (batch) => [5, ...columnOf(batch.slice(0).slice(1)).slice(0)]],
  ['columns selected', (batch) => [...batch.selectAt([5])].map((row) => row.timestamp)],
  ['a Table', (batch) => new Table([batch]).toArray().map((row) => row?.timestamp)],
  [
    'joined batches',
    (batch) => {
      const table = new Table([batchOf([7n]), batch, batchOf([8n])])
      expect(table.batches).toHaveLength(3)
      expect(columnOf(table).get(0)).toBe(7)
      return indices.map((i) => columnOf(table).get(i + 1))
    },
  ],
  ['concat', (batch) => [...batch.concat(batch)].slice(indices.length).map((row) => row.timestamp)],
]

test.each(ways)('%s: the nearest number to every timestamp', (_, read) => {
  expect(read(batchOf())).toEqual(NUMBERS)
})

test('indexOf and includes find it, in one chunk and in several', () => {
  const batch = batchOf()
  for (const column of [columnOf(batch), columnOf(batch.concat(batchOf([7n])))]) {
    expect(indices.map((i) => column.indexOf(NUMBERS[i] as number))).toEqual(
      NUMBERS.map((number) => NUMBERS.indexOf(number)),
    )
    expect(column.includes(Number(-(2n ** 63n)))).toBe(true)
    expect(column.indexOf(99)).toBe(-1)
  }
})

test('to look at it or to print it throws nothing', () => {
  const batch = batchOf()
  expect(String(batch.get(1))).toContain('"timestamp": 1790000000000000000')
  expect(String(columnOf(batch))).toContain('1790000000000000000')
  expect(new Table([batch]).toString()).toContain('1790000000000000000')
  for (const index of indices) batch.get(index)?.toString()
})

test('the column has each value exactly, whatever was read before', () => {
  const batch = batchOf()
  const exact = BigInt64Array.from(EXACT)
  const table = new Table([batch, batchOf([7n])])
  for (const read of [() => {}, () => [...batch], () => columnOf(batch).indexOf(99)]) {
    read()
    expect(columnOf(batch).toArray()).toEqual(exact)
    expect(columnOf(batch).data[0]?.values).toEqual(exact)
    expect(columnOf(batch.slice(1)).toArray()).toEqual(exact.slice(1))
    expect(columnOf(table).toArray()).toEqual(BigInt64Array.of(...EXACT, 7n))
  }
  expect(columnOf(batch).isValid(2)).toBe(false)
  expect(columnOf(batch).nullCount).toBe(1)
})

test('the column has it exactly right after isValid, too', () => {
  const column = columnOf(batchOf())
  const { values } = column.data[0] as { values: BigInt64Array }
  for (const index of indices) {
    column.isValid(index)
    expect(column.toArray()[index]).toBe(EXACT[index])
    column.isValid(index)
    expect((column.data[0]?.values[index] as bigint) + 0n).toBe(EXACT[index])
    column.isValid(index)
    expect(column.slice(index).toArray()[0]).toBe(EXACT[index])
    column.isValid(index)
    expect(column.data[0]?.clone().values).toBe(values)
  }
})

test.each(['stream', 'file'] as const)('goes through IPC exactly, as a %s', (format) => {
  const batch = batchOf()
  columnOf(batch).isValid(1)
  const table = tableFromIPC<RecordColumns>(tableToIPC(new Table([batch, batch]), format))
  const values = columnOf(table).toArray() as BigInt64Array
  const read = [...values].map((value, row) => (columnOf(table).isValid(row) ? value : null))
  expect(read).toEqual([...TIMESTAMPS, ...TIMESTAMPS])
  expect(String(columnOf(table).type)).toBe('Timestamp<MILLISECOND, UTC>')
})

test("is of apache-arrow's own classes", () => {
  const batch = batchOf()
  expect(batch).toBeInstanceOf(RecordBatch)
  expect(columnOf(batch)).toBeInstanceOf(Vector)
  expect(columnOf(batch).data[0]?.values).toBeInstanceOf(BigInt64Array)
  expect(columnOf(batch).type).toBe(batch.schema.fields[5]?.type)
})

test('a column without any such timestamp is left as it is', () => {
  const [ordinary] = columnOf(batchOf([5n, null, LIMIT - 1n, 1n - LIMIT])).data
  expect(Object.hasOwn(ordinary as object, 'getValid')).toBe(false)
})

test('partitionState() tells every one', () => {
  const state = toPartitionState(
    TIMESTAMPS.map((lastMessageTimestamp) => partition({ lastMessageTimestamp })),
    8.64e15,
  )
  expect([...state].map((row) => row.last_message_timestamp)).toEqual(NUMBERS)
  expect([...state].map((row) => row.toJSON().cutoff)).toEqual(NUMBERS.map(() => 8.64e15))
  const column = state.getChild('last_message_timestamp')
  const exact = column?.toArray() as BigInt64Array
  expect([...exact].map((each, i) => (column?.isValid(i) ? each : null))).toEqual(TIMESTAMPS)
})

test('offsets are bigints, and exact, to the largest', () => {
  const largest = 2n ** 63n - 1n
  const batch = factory.fromSlab(slabOf([{ offset: largest }]))
  expect(batch.get(0)?.offset).toBe(largest)
  expect(batch.getChild('offset')?.get(0)).toBe(largest)
  const state = toPartitionState(
    [partition({ replayEndOffset: largest, consumedOffset: largest, gaps: largest })],
    null,
  )
  expect(state.get(0)?.toJSON()).toMatchObject({
    replay_end_offset: largest,
    consumed_offset: largest,
    gaps: largest,
  })
})

test('a timestamp beyond 2^53 is read in whatever place its column was chosen for', () => {
  const columns = columnsOf(['t'], ['timestamp', 'value'])
  const slab = slabOf([{ timestamp: LIMIT + 1n }, { timestamp: 5n }], columns)
  const batch = new RecordBatchFactory(columns).fromSlab(slab)
  expect([...(batch.getChild('timestamp') ?? [])]).toEqual([Number(LIMIT), 5])
})
