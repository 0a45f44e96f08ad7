import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { readRows } from '../support/read-rows.js'
import { type Row, rowsOf } from '../support/rows.js'
import { until } from '../support/until.js'

const MIB = 2 ** 20
const RECORDS = 100

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

let topic: string
// Records of 100 kB: the budget below holds but a few.
beforeEach(async () => {
  topic = await cluster.createTopic('deleted', 2)
  await using producer = await Producer.create({ config: cluster.config })
  for (let i = 0; i < RECORDS; i++) {
    await producer.send({ topic, partition: 1, timestamp: 1_000 + i, value: Buffer.alloc(100_000) })
  }
  await producer.flush()
})

test('a replay starts with what DeleteRecords has left', async () => {
  await cluster.deleteRecords(topic, 1, 40)
  const rows = await readRows(cluster.config, topic)
  expect(rows.map(({ offset }) => Number(offset))).toEqual(
    Array.from({ length: RECORDS - 40 }, (_, i) => 40 + i),
  )
})

test('records deleted ahead of the replay are an error that names the offset, after what was there', async () => {
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    maxBufferedBytes: MIB,
    batchSize: 1,
  })
  await until('the partition is paused', () => manager.pausedPartitionCount() === 1)
  await cluster.deleteRecords(topic, 1, 90)
  const rows: Row[] = []
  const readOn = async () => {
    while (!manager.isLive()) rows.push(...rowsOf(await manager.poll(10_000)))
  }
  const error = await readOn().then(
    () => new Error('all of it was read'),
    (error) => error,
  )
  expect(error).toMatchObject({
    code: 'ERR_OFFSET_OUT_OF_RANGE',
    topic,
    partition: 1,
    offset: BigInt(rows.length),
    retriable: false,
  })
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.length).toBeLessThan(90)
  expect(rows.map(({ offset }) => Number(offset))).toEqual([...rows.keys()])
  await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_OFFSET_OUT_OF_RANGE' })
})
