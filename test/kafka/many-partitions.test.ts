import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
/** On a machine that does nothing else it takes less than a second. */
const CREATE_DEADLINE_MS = 20_000

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

test.each([256, 1_000])(
  '%i partitions are replayed in order, and creating the manager takes no time',
  async (partitions) => {
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
    const started = performance.now()
    await using manager = await ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromEarliest(topic)],
    })
    const ms = performance.now() - started
    expect(ms).toBeLessThan(CREATE_DEADLINE_MS)
    expect(digestOf(await replayOf(manager))).toBe(digestOf(replay))
  },
)
