import { type ClientEvent, ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { readRows, replayOf } from '../support/read-rows.js'

/** The lowest that librdkafka takes. */
const LIMIT = 1_000_512
const PARTITIONS = 20
const VALUE = Buffer.alloc(10_000, 'x')

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

// A broker fills a response to the last byte with records. What is around them did not fit: each
// response was refused, the connection with it, and one partition came with every new one.
test('responses fit the lowest receive.message.max.bytes with what is around their records', async () => {
  const topic = await cluster.createTopic('limit', PARTITIONS)
  await using producer = await Producer.create({ config: cluster.config })
  const records = PARTITIONS * 100
  await producer.sendAll(
    Array.from({ length: records }, (_, i) => ({
      ...{ topic, partition: i % PARTITIONS, timestamp: i + 1, value: VALUE },
    })),
  )
  await producer.flush()
  const events: ClientEvent['type'][] = []
  await using manager = await ConsumerManager.create({
    config: { ...cluster.config, 'receive.message.max.bytes': LIMIT },
    topics: [SourceTopic.fromEarliest(topic)],
    onEvent: ({ type }) => events.push(type),
  })
  expect(await replayOf(manager)).toHaveLength(records)
  expect(events).not.toContain('brokerDown')
  expect(events).not.toContain('error')
})

test('responses with a list of many aborted transactions fit the lowest receive.message.max.bytes', async () => {
  const topic = await cluster.createTopic('aborted', 1)
  const config = { ...cluster.config, 'transactional.id': topic }
  await using producer = await Producer.create({ config })
  const aborted = 100
  for (let i = 0; i <= aborted; i++) {
    await producer.beginTransaction()
    await producer.send({ topic, partition: 0, value: VALUE })
    await producer.flush()
    await (i < aborted ? producer.abortTransaction() : producer.commitTransaction())
  }
  const limited = { ...cluster.config, 'receive.message.max.bytes': LIMIT }
  expect(await readRows(limited, topic)).toHaveLength(1)
})
