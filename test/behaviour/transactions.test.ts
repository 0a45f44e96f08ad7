import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { openCluster, type TestCluster } from '../support/cluster.js'
import { replayOf, take, text } from '../support/read-rows.js'
import type { Row } from '../support/rows.js'

const TIME = 1_700_000_000_000

let cluster: TestCluster
let topic: string
let producer: Producer
let time: number
beforeEach(async () => {
  cluster = openCluster()
  topic = await cluster.createTopic('t', 2)
  producer = await Producer.create({ config: { ...cluster.config, 'transactional.id': topic } })
  time = TIME
})
afterEach(async () => {
  await producer.close()
  await cluster.close()
})

/** `[partition, value]` of each record. */
async function write(...records: [number, string][]): Promise<void> {
  await producer.beginTransaction()
  for (const [partition, value] of records) {
    await producer.send({ topic, partition, timestamp: time++, value })
  }
  await producer.flush()
}

const create = (isolationLevel: StreamOptions['isolationLevel'] = 'read_committed') =>
  ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    isolationLevel,
  })
const values = (rows: Row[]) => rows.map(({ value }) => text(value))
const column = (manager: ConsumerManager, name: 'released_offset' | 'replay_end_offset') => [
  ...(manager.partitionState().getChild(name) ?? []),
]

describe('a log that ends in transaction markers', () => {
  beforeEach(async () => {
    await write([0, 'a'], [1, 'b'], [0, 'c'])
    await producer.commitTransaction()
    await write([0, 'aborted'], [1, 'aborted too'])
    await producer.abortTransaction()
    await write([1, 'd'])
    await producer.commitTransaction()
    await write([0, 'aborted'])
    await producer.abortTransaction()
  })

  test('is live at once in read_committed, without aborted records', async () => {
    await using manager = await create()
    expect(values(await replayOf(manager, Number.POSITIVE_INFINITY))).toEqual(['a', 'b', 'c', 'd'])
    expect(column(manager, 'replay_end_offset')).toEqual([7n, 6n])
    expect(column(manager, 'released_offset')).toEqual([1n, 4n])
    await write([0, 'live'])
    await producer.commitTransaction()
    expect(values(await take(manager, 1))).toEqual(['live'])
  })

  test('gives aborted records as rows in read_uncommitted', async () => {
    await using manager = await create('read_uncommitted')
    const rows = await replayOf(manager, Number.POSITIVE_INFINITY)
    expect(values(rows)).toEqual(['a', 'b', 'c', 'aborted', 'aborted too', 'd', 'aborted'])
  })
})

test('a log of nothing but aborted records has nothing to show, and is live', async () => {
  await write([0, 'aborted'], [1, 'aborted'])
  await producer.abortTransaction()
  await using manager = await create()
  expect(await replayOf(manager, Number.POSITIVE_INFINITY)).toEqual([])
  expect(column(manager, 'released_offset')).toEqual([null, null])
})

describe('a transaction that is still open', () => {
  beforeEach(async () => {
    await write([0, 'done'])
    await producer.commitTransaction()
    await write([0, 'open'], [1, 'open, too'])
  })

  test('ends the replay before it in read_committed, and its records come in live', async () => {
    await using manager = await create()
    expect(values(await replayOf(manager, Number.POSITIVE_INFINITY))).toEqual(['done'])
    expect(column(manager, 'replay_end_offset')).toEqual([2n, 0n])
    const taken = take(manager, 2)
    await producer.commitTransaction()
    expect(values(await taken).sort()).toEqual(['open', 'open, too'])
  })

  test('is part of the replay in read_uncommitted', async () => {
    await using manager = await create('read_uncommitted')
    const rows = await replayOf(manager, Number.POSITIVE_INFINITY)
    expect(values(rows)).toEqual(['done', 'open', 'open, too'])
    await producer.abortTransaction()
  })
})
