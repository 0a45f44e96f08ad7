import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { replayOf, take, text } from '../support/read-rows.js'
import type { Row } from '../support/rows.js'

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

const values = (rows: Row[]) => rows.map(({ value }) => text(value))

let topic: string
let stranger: Producer
beforeEach(async () => {
  topic = await cluster.createTopic('open', 1)
  await using plain = await Producer.create({ config: cluster.config })
  await plain.send({ topic, partition: 0, value: 'before' })
  await plain.flush()
  stranger = await Producer.create({ config: { ...cluster.config, 'transactional.id': topic } })
  await stranger.beginTransaction()
  await stranger.send({ topic, partition: 0, value: 'open' })
  await stranger.flush()
  await plain.send({ topic, partition: 0, value: 'after' })
  await plain.flush()
})
afterEach(() => stranger.close())

const create = (isolationLevel: 'read_committed' | 'read_uncommitted') =>
  ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    isolationLevel,
  })

test('an open transaction does not hold up read_committed, and its records come once when it is committed', async () => {
  await using manager = await create('read_committed')
  expect(values(await replayOf(manager))).toEqual(['before'])
  expect((await manager.poll(500)).numRows).toBe(0)
  await stranger.commitTransaction()
  expect(values(await take(manager, 2))).toEqual(['open', 'after'])
  expect((await manager.poll(500)).numRows).toBe(0)
})

test('an open transaction leaves nothing behind in read_committed when it is aborted', async () => {
  await using manager = await create('read_committed')
  expect(values(await replayOf(manager))).toEqual(['before'])
  await stranger.abortTransaction()
  expect(values(await take(manager, 1))).toEqual(['after'])
})

test('an open transaction is replayed in read_uncommitted', async () => {
  await using manager = await create('read_uncommitted')
  expect(values(await replayOf(manager))).toEqual(['before', 'open', 'after'])
  await stranger.abortTransaction()
})
