import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { ApacheKafka } from '../support/apache-kafka.js'
import { KafkaCluster } from '../support/cluster.js'
import { replayOf, take } from '../support/read-rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const BROKERS = [1, 2, 3]

let kafka: ApacheKafka
let cluster: KafkaCluster
beforeAll(async () => {
  kafka = await ApacheKafka.start({ brokers: BROKERS.length })
  cluster = new KafkaCluster(kafka.bootstrapServers())
}, 300_000)
afterAll(async () => {
  await cluster?.close()
  await kafka?.close()
})

function write(topic: string, count: number, value: string) {
  const records = Array.from({ length: count }, (_, i) => ({
    ...{ topic, partition: 0, timestamp: TIME + i, value },
  }))
  return writeLog({ ...cluster.config, 'batch.num.messages': 10 }, records)
}

const create = (topic: string, resume?: string) =>
  ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    resume,
  })

/** Behind all that there is. */
async function tokenOf(topic: string, count: number): Promise<string> {
  await using manager = await create(topic)
  await take(manager, count)
  return manager.token()
}

/** The one partition; undefined while a broker has not heard of a topic that was just created. */
async function partitionOf(topic: string) {
  const admin = await cluster.admin()
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics[0]?.partitions[0]
  } catch (error) {
    if (isRetriable(error)) return undefined
    throw error
  }
}

const isRetriable = (error: unknown) => (error as { retriable?: boolean }).retriable === true

test('an unclean leader election between token and resume is found', async () => {
  const properties = { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': 1 }
  const topic = await cluster.createTopic('unclean', 1, properties, 3)
  await write(topic, 100, 'known to all')
  const leader = (await partitionOf(topic))?.leader as number
  const [other = 0, lost = 0] = BROKERS.filter((id) => id !== leader)
  // The third one stays, so that there is a controller, and is told to have no replica.
  const admin = await cluster.admin()
  await admin.alterPartitionReassignments({
    topics: [{ topic, partitionAssignment: [{ partition: 0, replicas: [leader, other] }] }],
  })
  await until(
    `${lost} has no replica`,
    async () => (await partitionOf(topic))?.replicas.length === 2,
    60_000,
  )
  await kafka.broker(other).kill()
  await until('it is out of sync', async () => (await partitionOf(topic))?.isr.length === 1, 60_000)
  await write(topic, 50, 'known to the leader alone')
  const token = await tokenOf(topic, 150)

  await kafka.broker(leader).kill()
  await kafka.broker(other).start()
  await until(
    'the one that lacks the end leads',
    async () => (await partitionOf(topic))?.leader === other,
    90_000,
  )
  await write(topic, 100, 'of the new leader')
  await using manager = await create(topic, token)
  await expect(replayOf(manager)).rejects.toMatchObject({
    code: 'ERR_LOG_TRUNCATED',
    ...{ topic, partition: 0, offset: 150n },
  })
  await kafka.broker(leader).start()
}, 300_000)

test('a topic that was created again, and records that are gone, are found', async () => {
  const topic = await cluster.createTopic('resumed')
  await write(topic, 100, 'v')
  await using half = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    batchSize: 40,
  })
  await half.poll()
  const token = half.token()
  await cluster.deleteRecords(topic, 0, 60)
  await expect(create(topic, token)).rejects.toMatchObject({
    code: 'ERR_OFFSET_OUT_OF_RANGE',
    message: expect.stringMatching(/begins at offset 60 by now, so that 20 records are gone/),
  })
  const admin = await cluster.admin()
  await admin.deleteTopics({ topics: [topic] })
  await until('it is gone', async () => !(await admin.listTopics()).includes(topic))
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: false })
  await until('it is there again', async () => (await partitionOf(topic))?.leader !== undefined)
  await write(topic, 100, 'v')
  await expect(create(topic, token)).rejects.toMatchObject({ code: 'ERR_TOPIC_RECREATED', topic })
}, 120_000)
