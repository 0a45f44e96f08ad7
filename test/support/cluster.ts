import { randomBytes } from 'node:crypto'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { MockCluster } from '../../src/testing/index.js'
import { BOOTSTRAP_VARIABLE } from './apache-kafka.js'
import { until } from './until.js'

const FOREVER = '9223372036854775807'

/** Of each topic on Kafka: records have whatever timestamps and sizes a test gives them, and stay. */
const TOPIC_PROPERTIES = {
  'retention.ms': '-1',
  'message.timestamp.after.max.ms': FOREVER,
  'message.timestamp.before.max.ms': FOREVER,
  'max.message.bytes': String(16 * 2 ** 20),
}

/** What a behaviour test reads from: the same test runs on the mock cluster and on Apache Kafka. */
export interface TestCluster extends AsyncDisposable {
  readonly config: { 'bootstrap.servers': string }
  /** @returns the topic's name, which begins with `name`; on Kafka no two are the same */
  createTopic(name: string, partitions?: number): Promise<string>
  close(): Promise<void>
}

/** Set by test/jest.config.cjs, which runs a test that calls `openCluster` in two projects. */
declare const ON_KAFKA: boolean

/** Topics take their time there: a test that makes many of them should make fewer. */
export const isOnKafka = ON_KAFKA

/** Apache Kafka in jest's project `kafka`, the mock cluster in all others. */
export function openCluster(): TestCluster {
  return ON_KAFKA ? new KafkaCluster() : new EmbeddedCluster()
}

class EmbeddedCluster implements TestCluster {
  readonly #cluster = MockCluster.start()
  readonly config = { 'bootstrap.servers': this.#cluster.bootstrapServers }

  async createTopic(name: string, partitions = 1): Promise<string> {
    this.#cluster.createTopic(name, { partitions })
    return name
  }

  close(): Promise<void> {
    return this.#cluster.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** An Apache Kafka that runs already, and stays: topics are deleted in the end. */
export class KafkaCluster implements TestCluster {
  readonly config: { 'bootstrap.servers': string }
  readonly #suffix = randomBytes(4).toString('hex')
  readonly #topics: string[] = []
  #created = 0
  readonly #client: Kafka
  #admin: Promise<Admin> | null = null

  /** @param bootstrapServers default: the one that the test run was given */
  constructor(bootstrapServers = process.env[BOOTSTRAP_VARIABLE]) {
    if (!bootstrapServers) {
      throw new Error(
        `${BOOTSTRAP_VARIABLE} is not set: run this with node test/run.mjs kafka, or behind ` +
          'node test/support/apache-kafka.js',
      )
    }
    this.config = { 'bootstrap.servers': bootstrapServers }
    this.#client = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING })
  }

  async createTopic(
    name: string,
    partitions = 1,
    properties: Record<string, string | number> = {},
    replicationFactor = -1,
  ): Promise<string> {
    const topic = `${name}-${this.#suffix}-${++this.#created}`
    const admin = await this.admin()
    const configEntries = Object.entries({ ...TOPIC_PROPERTIES, ...properties }).map(
      ([key, value]) => ({ name: key, value: String(value) }),
    )
    await admin.createTopics({
      topics: [{ topic, numPartitions: partitions, replicationFactor, configEntries }],
      timeout: 30_000,
      // It gives up when a broker has not heard of the topic yet.
      waitForLeaders: false,
    })
    this.#topics.push(topic)
    await until(`${topic} has leaders`, () => hasLeaders(admin, topic, partitions), 60_000)
    return topic
  }

  /** Deletes the records of a partition that are below `offset`. */
  async deleteRecords(topic: string, partition: number, offset: number): Promise<void> {
    const admin = await this.admin()
    // Without it kafkajs does not know the topic's leaders.
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
  }

  /** For all else that a topic goes through. */
  admin(): Promise<Admin> {
    this.#admin ??= this.#connect()
    return this.#admin
  }

  async #connect(): Promise<Admin> {
    const admin = this.#client.admin()
    await admin.connect()
    return admin
  }

  async close(): Promise<void> {
    if (!this.#admin) return
    const admin = await this.#admin
    if (this.#topics.length > 0) await admin.deleteTopics({ topics: this.#topics })
    await admin.disconnect()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

async function hasLeaders(admin: Admin, topic: string, partitions: number): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const led = topics[0]?.partitions.filter(({ leader }) => leader >= 0)
    return led?.length === partitions
  } catch {
    return false
  }
}
