import { type RecordBatch, RecordBatchReader, Table, tableFromIPC, tableToIPC } from 'apache-arrow'
import { ConsumerManager, type RecordColumns, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { digestOf, type Row, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TOPICS = ['b', 'a', 'c']

let cluster: MockCluster
let manager: ConsumerManager
let log: Row[]
let batches: RecordBatch<RecordColumns>[]
beforeAll(async () => {
  cluster = MockCluster.start()
  for (const topic of TOPICS) cluster.createTopic(topic, { partitions: 2 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  log = await writeLog(
    config,
    Array.from({ length: 1_000 }, (_, i) => ({
      topic: TOPICS[i % 3] as string,
      partition: i % 2,
      timestamp: i === 0 ? null : 1_700_000_000_000 + i,
      key: i % 5 === 0 ? null : `key ${i}`,
      value: i % 7 === 0 ? null : 'v'.repeat(i % 4),
    })),
  )
  manager = await ConsumerManager.create({
    config,
    topics: TOPICS.map((topic) => SourceTopic.fromEarliest(topic)),
    batchSize: 128,
  })
  batches = []
  while (!manager.isLive()) batches.push(await manager.poll(Number.POSITIVE_INFINITY))
})
afterAll(async () => {
  await manager.close()
  await cluster.close()
})

test('the columns of a batch have the names, types and nullability that are promised', () => {
  expect(batches[0]?.schema.fields.map(String)).toEqual([
    'key: Binary',
    'value: Binary',
    'topic: Dictionary<Int32, Utf8>',
    'partition: Int32',
    'offset: Int64',
    'timestamp: Timestamp<MILLISECOND, UTC>',
  ])
  const nullable = batches[0]?.schema.fields.filter((field) => field.nullable)
  expect(nullable?.map(({ name }) => name)).toEqual(['key', 'value', 'timestamp'])
})

test('all batches of a manager join to one Table', () => {
  const table = new Table(batches)
  expect(table.numRows).toBe(1_000)
  expect(table.batches).toHaveLength(8)
  expect(table.getChild('key')?.nullCount).toBe(200)
  expect(table.getChild('value')?.nullCount).toBe(Math.ceil(1_000 / 7))
  expect(table.getChild('timestamp')?.nullCount).toBe(1)
  expect([...(table.getChild('topic') ?? [])]).toEqual(log.map(({ topic }) => topic))
  const row = table.get(4)?.toJSON()
  expect(row).toEqual({
    key: new TextEncoder().encode('key 4'),
    value: new Uint8Array(0),
    topic: 'a',
    partition: 0,
    offset: 0n,
    timestamp: 1_700_000_000_004,
  })
})

test.each(['stream', 'file'] as const)('batches survive the IPC %s format', (format) => {
  const table = tableFromIPC<RecordColumns>(tableToIPC(new Table(batches), format))
  expect(table.schema.fields.map(String)).toEqual(batches[0]?.schema.fields.map(String))
  expect(digestOf(table.batches.flatMap(rowsOf))).toBe(digestOf(log))
})

test('one batch alone, and the state of the partitions, survive IPC', () => {
  const [batch] = batches as [RecordBatch<RecordColumns>]
  const reader = RecordBatchReader.from<RecordColumns>(tableToIPC(new Table([batch])))
  expect(digestOf([...reader].flatMap((read) => rowsOf(read)))).toBe(digestOf(log.slice(0, 128)))
  const state = manager.partitionState()
  const read = tableFromIPC(tableToIPC(new Table([state])))
  expect(read.toArray().map(String)).toEqual(state.toArray().map(String))
})

test('the columns are those that were chosen, typed by their names', async () => {
  await using chosen = await ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
    topics: TOPICS.map((topic) => SourceTopic.fromEarliest(topic)),
    columns: ['timestamp_type', 'offset', 'value'],
  })
  const batch = await chosen.poll(Number.POSITIVE_INFINITY)
  expect(batch.schema.fields.map(String)).toEqual([
    'timestamp_type: Dictionary<Int8, Utf8>',
    'offset: Int64',
    'value: Binary',
  ])
  const types: (string | null)[] = [...(batch.getChild('timestamp_type') ?? [])]
  expect(new Set(types)).toEqual(new Set(['CreateTime']))
  const text = (value: Uint8Array | null) => value && Buffer.from(value).toString()
  expect([...(batch.getChild('value') ?? [])].map(text)).toEqual(
    log.map(({ value }) => text(value)),
  )
  // @ts-expect-error: it was not chosen
  expect(batch.getChild('key')).toBeNull()
  chosen.release(batch)
})
