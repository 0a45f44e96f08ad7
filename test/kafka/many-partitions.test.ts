import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

test.each([256, 1_000])('%i partitions are replayed in order', async (partitions) => {
  const topic = await cluster.createTopic('many', partitions)
  const log = await writeLog(
    { ...cluster.config, 'compression.codec': 'lz4' },
    Array.from({ length: partitions * 20 }, (_, i) => ({
      topic,
      // Every partition is at another point in time.
      partition: Math.imul(i, 389) % partitions,
      timestamp: TIME + Math.floor(i / 3),
      value: `${i}`,
    })),
  )
  const { replay } = expectedOf(log)
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
  })
  expect(digestOf(await replayOf(manager))).toBe(digestOf(replay))
})
