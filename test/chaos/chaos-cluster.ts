import { ApacheKafka } from '../support/apache-kafka.js'
import { KafkaCluster } from '../support/cluster.js'
import { FaultyProxy } from '../support/faulty-proxy.js'
import { expectedOf } from '../support/oracle.js'
import { digestOf } from '../support/rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const PARTITIONS = 6
/** The listener whose address is the proxy's: any name that ApacheKafka takes, spoken in plain text. */
const PROXIED = 'SSL'

/** A topic, and what its replay is. */
export interface ChaosTopic {
  name: string
  rows: number
  digest: string
}

/** Three brokers of Apache Kafka, a faulty proxy before each, and two topics full of records. */
export class ChaosCluster implements AsyncDisposable {
  readonly brokers = [1, 2, 3]
  /** The first has one replica of each partition, the second three. */
  readonly topics: ChaosTopic[] = []

  private constructor(
    readonly kafka: ApacheKafka,
    readonly proxies: FaultyProxy[],
    private readonly admin: KafkaCluster,
  ) {}

  static async start(records: number): Promise<ChaosCluster> {
    const start = () => FaultyProxy.start({ host: '127.0.0.1', port: 0 })
    const proxies = await Promise.all([start(), start(), start()])
    const kafka = await ApacheKafka.start({
      brokers: proxies.length,
      listeners: ['PLAINTEXT', PROXIED],
      properties: ({ id, ports }) => {
        const { target, host, port } = proxies[id - 1] as FaultyProxy
        target.port = ports[PROXIED] as number
        return {
          'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,${PROXIED}:PLAINTEXT`,
          'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.PLAINTEXT},${PROXIED}://${host}:${port}`,
        }
      },
    })
    const cluster = new ChaosCluster(kafka, proxies, new KafkaCluster(kafka.bootstrapServers()))
    try {
      for (const replicas of [1, 3]) await cluster.#fill(replicas, records)
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Of the brokers behind their proxies. */
  get config(): { 'bootstrap.servers': string } {
    return { 'bootstrap.servers': this.proxies.map(({ host, port }) => `${host}:${port}`).join() }
  }

  proxy(broker: number): FaultyProxy {
    return this.proxies[broker - 1] as FaultyProxy
  }

  /**
   * Makes the next broker the leader of each partition: of its replicas, or with the only one. Resolves
   * when the first has moved, so that the others are moving while the replay goes on.
   *
   * @returns whether any has: not while another fault has the brokers down, or the last move is not done
   */
  async moveLeaders(): Promise<boolean> {
    try {
      const before = await this.#partitions()
      const admin = await this.admin.admin()
      await admin.alterPartitionReassignments({
        topics: this.topics.map(({ name }) => ({
          topic: name,
          partitionAssignment: before
            .filter(({ topic }) => topic === name)
            .map(({ partitionId, replicas }) => ({
              partition: partitionId,
              replicas: replicas.map((broker) => (broker % this.brokers.length) + 1),
            })),
        })),
      })
      const ledBy = new Map(before.map(({ key, leader }) => [key, leader]))
      await until('a leader has moved', async () =>
        (await this.#partitions()).some(({ key, leader }) => leader !== ledBy.get(key)),
      )
      return true
    } catch (error) {
      process.stdout.write(`chaos: no move: ${error instanceof Error ? error.message : error}\n`)
      return false
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.close().catch(() => {})
    await this.kafka.close()
    await Promise.all(this.proxies.map((proxy) => proxy.close()))
  }

  /** Of both topics. */
  async #partitions() {
    const admin = await this.admin.admin()
    const { topics } = await admin.fetchTopicMetadata({
      topics: this.topics.map(({ name }) => name),
    })
    return topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({
        ...partition,
        topic: name,
        key: `${name} ${partition.partitionId}`,
      })),
    )
  }

  /** Records of 1 kB in small record batches, so that a budget of 1 MiB holds but a few of them. */
  async #fill(replicas: number, records: number): Promise<void> {
    const name = await this.admin.createTopic(`replicas-${replicas}`, PARTITIONS, {}, replicas)
    const log = await writeLog(
      { ...this.admin.config, 'batch.num.messages': 50 },
      Array.from({ length: records }, (_, i) => ({
        topic: name,
        partition: (i * 5 + (i >> 4)) % PARTITIONS,
        timestamp: 1_700_000_000_000 + (i >> 1),
        value: Buffer.alloc(1_000, i),
      })),
    )
    this.topics.push({ name, rows: records, digest: digestOf(expectedOf(log).replay) })
  }
}
