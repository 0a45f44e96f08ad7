import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { offsetsOf, ReplayReader, range, readReplay } from '../faults/read-replay.js'
import { KafkaCluster } from '../support/cluster.js'
import { until } from '../support/until.js'

let cluster: KafkaCluster
beforeEach(() => {
  cluster = new KafkaCluster()
})
afterEach(() => cluster.close())

async function produce(topic: string, partition: number, values: string[]): Promise<void> {
  await using producer = await Producer.create({ config: cluster.config })
  await producer.sendAll(values.map((value) => ({ topic, partition, value })))
  await producer.flush()
}

/** Creates a topic that is being deleted. */
async function createAgain(topic: string): Promise<void> {
  const admin = await cluster.admin()
  // Without waitForLeaders it may throw for a topic that it created, which is there then for ever.
  const topics = { topics: [{ topic, numPartitions: 1 }], waitForLeaders: false }
  await until(`${topic} is created again`, () => admin.createTopics(topics))
}

/** Reads the replay of a topic with 15 records, and what happens to it then. */
async function readLive(
  topic: string,
  happens: () => Promise<void>,
  isDone: (reader: ReplayReader) => boolean,
) {
  await produce(
    topic,
    0,
    range(15).map((i) => `${i}`),
  )
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
  })
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  await happens()
  const error = await reader.readUntil(() => isDone(reader))
  return { ...reader.outcome(), error, state: manager.partitionState() }
}

test('a topic that is deleted ends the stream', async () => {
  const topic = await cluster.createTopic('deleted')
  const admin = await cluster.admin()
  const outcome = await readLive(
    topic,
    () => admin.deleteTopics({ topics: [topic] }),
    () => false,
  )
  expect(outcome.rows).toHaveLength(15)
  expect(outcome.error).toMatchObject({ code: 'ERR_UNKNOWN_TOPIC', topic, offset: 15n })
  await createAgain(topic) // the end of the test deletes it
})

test('nothing comes out of a topic that is created again', async () => {
  const topic = await cluster.createTopic('again')
  const admin = await cluster.admin()
  const recreate = async () => {
    await admin.deleteTopics({ topics: [topic] })
    await createAgain(topic)
    await produce(
      topic,
      0,
      range(40).map(() => 'of another topic'),
    )
  }
  const outcome = await readLive(topic, recreate, () => false)
  expect(outcome.rows.map(({ value }) => value)).toEqual(range(15).map((i) => `${i}`))
  // Which of the two depends on whether it was looked at while it was gone.
  expect(outcome.error?.code).toMatch(/^ERR_(TOPIC_RECREATED|UNKNOWN_TOPIC)$/)
  expect(outcome.error).toMatchObject({ topic, partition: 0, offset: 15n })
})

test('partitions that are added are read from their beginning', async () => {
  const topic = await cluster.createTopic('added')
  const admin = await cluster.admin()
  const add = async () => {
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] })
    await produce(topic, 1, ['a', 'b'])
    await produce(topic, 2, ['c'])
  }
  const outcome = await readLive(topic, add, ({ rows }) => rows.length === 18)
  expect(outcome.error).toBeNull()
  const values = (partition: number) =>
    outcome.rows.filter((row) => row.partition === partition).map(({ value }) => value)
  expect(values(1)).toEqual(['a', 'b'])
  expect(values(2)).toEqual(['c'])
  expect(outcome.state.getChild('released_offset')?.toJSON()).toEqual([14n, 1n, 0n])
})

test('records that DeleteRecords removed are not replayed', async () => {
  const topic = await cluster.createTopic('records-deleted')
  await produce(
    topic,
    0,
    range(15).map((i) => `${i}`),
  )
  const admin = await cluster.admin()
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '7' }] })
  const outcome = await readReplay(cluster, { topics: [SourceTopic.fromEarliest(topic)] })
  expect(outcome.error).toBeNull()
  expect(offsetsOf(outcome)).toEqual(range(15).slice(7))
})
