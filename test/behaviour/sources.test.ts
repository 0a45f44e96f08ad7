import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConsumerManager,
  type MultiSourceOptions,
  type SourceOptions,
  SourceTopic,
} from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf } from '../support/rows.js'
import {
  COLUMNS,
  inOrder,
  namesOf,
  replayOfSources,
  type SourceRow,
  sourceRowsOf,
} from '../support/source-rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const MIB = 1024 * 1024
const TOPICS = ['trades', 'quotes']

let clusters: Map<string, MockCluster>
let folder: string
beforeEach(async () => {
  clusters = new Map()
  folder = await mkdtemp(join(tmpdir(), 'tidemark-sources-'))
})
afterEach(async () => {
  for (const cluster of clusters.values()) await cluster.close()
  await rm(folder, { recursive: true, force: true })
})

/** Each cluster has the topics of `TOPICS`, with two partitions. */
function start(name: string): Record<string, string> {
  const cluster = MockCluster.start()
  for (const topic of TOPICS) cluster.createTopic(topic, { partitions: 2 })
  clusters.set(name, cluster)
  return configOf(name)
}

const configOf = (name: string) => ({
  'bootstrap.servers': clusters.get(name)?.bootstrapServers ?? '',
})
const earliest = TOPICS.map((topic) => SourceTopic.fromEarliest(topic))
const kafka = (name: string): SourceOptions => ({ name, config: configOf(name), topics: earliest })

/** Times of few values, so that nearly all are ties, and some step back. */
async function write(source: string, records: number, seed: number): Promise<SourceRow[]> {
  const rows = await writeLog(
    { ...configOf(source), 'batch.num.messages': 7 },
    Array.from({ length: records }, (_, i) => ({
      topic: TOPICS[(i * seed) % 2] as string,
      partition: (i * seed * 3) % 4 < 2 ? 0 : 1,
      timestamp: TIME + Math.floor(i / 9) - ((i * seed) % 5),
      value: `${source} ${i}`,
    })),
  )
  return rows.map((row) => ({ ...row, source }))
}

const create = (sources: SourceOptions[], options: Partial<MultiSourceOptions> = {}) =>
  ConsumerManager.create({ sources, ...options, columns: COLUMNS })

test('topics of two clusters are merged, ties by the name of the source', async () => {
  for (const name of ['us', 'eu']) start(name)
  const written = [...(await write('us', 400, 3)), ...(await write('eu', 500, 5))]
  const expected = namesOf(inOrder(written))
  for (const names of [
    ['us', 'eu'],
    ['eu', 'us'],
  ]) {
    await using manager = await create(names.map(kafka))
    expect(namesOf(await replayOfSources(manager))).toEqual(expected)
  }
})

test('a folder of segments and clusters give the same rows in any order of sources', async () => {
  for (const name of ['eu', 'us']) start(name)
  const eu = await write('eu', 300, 3)
  const us = await write('us', 300, 7)
  const dir = join(folder, 'archive')
  const first = await ConsumerManager.create({
    config: configOf('eu'),
    topics: earliest,
    capture: { dir },
  })
  expect(digestOf(await replayOf(first))).toBe(digestOf(inOrder(eu)))
  await first.close()
  // Between the two, and a copy of one: each record of eu has one that differs by its source alone.
  const archive: SourceOptions = { name: 'f', segments: dir, topics: earliest }
  const copy = eu.map((row) => ({ ...row, source: 'f' }))
  const expected = namesOf(inOrder([...eu, ...us, ...copy]))
  const [a, b, c] = [kafka('eu'), kafka('us'), archive] as const
  for (const sources of [
    [a, b, c],
    [a, c, b],
    [b, a, c],
    [b, c, a],
    [c, a, b],
    [c, b, a],
  ]) {
    await using manager = await create(sources, { batchSize: 37, stallTimeoutMs: 300 })
    expect(namesOf(await replayOfSources(manager))).toEqual(expected)
    // The segments are at their end: in live they neither stall nor hold the others up.
    expect((await manager.poll(900)).numRows).toBe(0)
  }
})

test('all sources enter live together, and live records tell theirs', async () => {
  for (const name of ['eu', 'us']) start(name)
  await write('eu', 50, 3)
  await using manager = await create([kafka('us'), kafka('eu')])
  expect(await replayOfSources(manager)).toHaveLength(50)
  for (const name of ['us', 'eu', 'us']) {
    await using producer = await Producer.create({ config: configOf(name) })
    await producer.send({ topic: 'trades', partition: 0, value: `live of ${name}` })
    await producer.flush()
    const rows: SourceRow[] = []
    await until('it comes', async () => {
      rows.push(...sourceRowsOf(await manager.poll()))
      return rows.length > 0
    })
    expect(rows).toMatchObject([{ source: name, topic: 'trades' }])
  }
})

test('with nothing to replay in any source the stream is live at once', async () => {
  for (const name of ['eu', 'us']) start(name)
  await using manager = await create(['eu', 'us'].map(kafka))
  expect(manager.isLive()).toBe(true)
})

test('partitionState has the source of each partition, and is sorted by it last', async () => {
  for (const name of ['us', 'Us', 'eu']) start(name)
  await write('us', 40, 3)
  await using manager = await create(['us', 'Us', 'eu'].map(kafka))
  await replayOfSources(manager)
  const state = manager.partitionState()
  expect(state.schema.fields.at(-1)?.toString()).toBe('source: Utf8')
  const rows = state.toArray().map((row) => row.toJSON())
  const expected = ['quotes', 'trades'].flatMap((topic) =>
    [0, 1].flatMap((partition) =>
      ['Us', 'eu', 'us'].map((source) => `${topic}-${partition} ${source}`),
    ),
  )
  expect(rows.map(({ topic, partition, source }) => `${topic}-${partition} ${source}`)).toEqual(
    expected,
  )
  const ends = rows.map(({ source, replay_end_offset }) => [source, replay_end_offset > 0n])
  expect(ends.every(([source, hasRecords]) => hasRecords === (source === 'us'))).toBe(true)
})

test('the column source is empty where the only source has no name', async () => {
  start('eu')
  await write('eu', 20, 3)
  await using manager = await ConsumerManager.create({
    config: configOf('eu'),
    topics: earliest,
    columns: COLUMNS,
  })
  expect((await replayOfSources(manager)).map(({ source }) => source)).toEqual(
    new Array(20).fill(''),
  )
  expect([...(manager.partitionState().getChild('source') ?? [])]).toEqual(['', '', '', ''])
})

test('one source with a name is named', async () => {
  start('eu')
  await write('eu', 20, 3)
  await using manager = await create([kafka('eu')])
  expect((await replayOfSources(manager)).map(({ source }) => source)).toEqual(
    new Array(20).fill('eu'),
  )
  expect(manager.partitionState().getChild('source')?.toJSON()).toEqual(new Array(4).fill('eu'))
})

test('each source has topics, starts and a capture of its own', async () => {
  for (const name of ['eu', 'us']) start(name)
  const eu = await write('eu', 60, 3)
  await write('us', 60, 5)
  const dirs = [join(folder, 'eu'), join(folder, 'us')] as const
  const manager = await create([
    {
      name: 'eu',
      config: configOf('eu'),
      topics: [SourceTopic.fromEarliest('trades')],
      capture: { dir: dirs[0] },
    },
    {
      name: 'us',
      config: configOf('us'),
      topics: [SourceTopic.fromLatest('trades'), SourceTopic.fromEarliest('quotes')],
      capture: { dir: dirs[1] },
    },
  ])
  const rows = await replayOfSources(manager)
  await manager.close()
  const topicsOf = (source: string) =>
    new Set(rows.filter((row) => row.source === source).map(({ topic }) => topic))
  expect([topicsOf('eu'), topicsOf('us')]).toEqual([new Set(['trades']), new Set(['quotes'])])

  await using captured = await ConsumerManager.create({
    segments: dirs[0],
    topics: [SourceTopic.fromEarliest('trades')],
  })
  const trades = inOrder(eu.filter(({ topic }) => topic === 'trades'))
  expect(digestOf(await replayOf(captured))).toBe(digestOf(trades))
})

test('all sources share one budget', async () => {
  for (const name of ['eu', 'us']) start(name)
  const value = new Uint8Array(20_000)
  const count = 300
  for (const [i, name] of ['eu', 'us'].entries()) {
    // All of eu is older than all of us.
    const records = Array.from({ length: count }, (_, n) => ({
      ...{ topic: 'trades', partition: 0, value },
      timestamp: TIME + i * count + n,
    }))
    await writeLog({ ...configOf(name), 'batch.num.messages': 5 }, records)
  }
  await using manager = await create(['eu', 'us'].map(kafka), {
    maxBufferedBytes: MIB,
    batchSize: 10,
  })
  await until('both are full', () => manager.pausedPartitionCount() === 2)
  const held = manager.heldMessageCount() * value.length
  // The budget, and what one fetch of each partition may add to it.
  expect(held).toBeLessThan(3 * MIB)
  const rows = await replayOfSources(manager)
  expect(rows.map(({ source }) => source)).toEqual([
    ...new Array(count).fill('eu'),
    ...new Array(count).fill('us'),
  ])
})
