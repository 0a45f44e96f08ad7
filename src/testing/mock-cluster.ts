import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import { type NativeError, type NativeMockCluster, native } from '../native.js'
import { readInteger } from '../options/check.js'
import { readOptions } from '../read-options.js'
import { checkTopicName } from '../topics/source-topic.js'

/** Options of `MockCluster.start`. */
export interface MockClusterOptions {
  /** The number of brokers, 1 to 100, with the ids 1, 2, and so on. Default 1. */
  brokers?: number
}

/** Options of `createTopic`. */
export interface MockTopicOptions {
  /** The number of partitions, 1 to 10,000. Default 1. */
  partitions?: number
}

const MOST_BROKERS = 100
const MOST_PARTITIONS = 10_000
const LARGEST_ROUND_TRIP_MS = 60_000
const CODE = 'ERR_INVALID_ARGUMENT'

/** Proves that `new MockCluster` is called from `start`. */
const FROM_START = Symbol('from MockCluster.start')

/**
 * Kafka brokers inside this process, for tests without a broker: librdkafka's mock cluster. It
 * listens on 127.0.0.1, keeps everything in memory, and lives until `close()` or until the process
 * or worker thread ends; it does not keep the process alive.
 *
 * It differs from Kafka: a partition keeps at most 1 GiB, then the oldest records go; topics are
 * neither compacted nor replicated; a topic that a producer asks for is created with four partitions;
 * there is no authentication. A start by time is exact for uncompressed records; where compressed ones
 * would have to be read, `create` rejects with `ERR_TIME_LOOKUP_UNSUPPORTED`.
 *
 * A wrong argument throws a TidemarkError `ERR_INVALID_ARGUMENT`; after `close` every method but
 * `close` throws `ERR_CLOSED`.
 */
export class MockCluster implements AsyncDisposable {
  /** For `'bootstrap.servers'`: `'127.0.0.1:port'` of each broker, with commas between. */
  readonly bootstrapServers: string
  readonly #native: NativeMockCluster
  readonly #brokers: number
  readonly #partitions = new Map<string, number>()

  private constructor(proof: typeof FROM_START, brokers: number) {
    if (proof !== FROM_START) {
      throw invalid('MockCluster has no public constructor: use MockCluster.start({ brokers })')
    }
    this.#brokers = brokers
    this.#native = new native.MockCluster(brokers)
    this.bootstrapServers = this.#native.bootstrapServers
    if (this.bootstrapServers === '') {
      throw new TidemarkError(
        'ERR_KAFKA',
        'the mock cluster could not be started: it needs a thread, and a socket on 127.0.0.1 for ' +
          'each broker',
      )
    }
  }

  /** Starts the brokers; they answer at once. */
  static start(options: MockClusterOptions = {}): MockCluster {
    const { brokers = 1 } = readOptions('MockCluster.start', options, ['brokers'], CODE)
    return new MockCluster(FROM_START, integer('brokers', brokers, 1, MOST_BROKERS))
  }

  /** Makes a topic. @throws TidemarkError `ERR_KAFKA` if it exists */
  createTopic(name: string, options: MockTopicOptions = {}): void {
    checkTopicName(name)
    const { partitions = 1 } = readOptions('createTopic', options, ['partitions'], CODE)
    const count = integer('partitions', partitions, 1, MOST_PARTITIONS)
    if (this.#partitions.has(name)) throw exists(name)
    check(this.#native.createTopic(name, count))
    this.#partitions.set(name, count)
  }

  /**
   * Makes a broker the leader of a partition. With null the partition has no leader, and can be neither
   * read nor written.
   *
   * @param broker an id, 1 and up
   * @throws TidemarkError `ERR_UNKNOWN_TOPIC` for a topic that `createTopic` did not create
   */
  setLeader(topic: string, partition: number, broker: number | null): void {
    checkTopicName(topic)
    const partitions = this.#partitions.get(topic)
    if (partitions === undefined) {
      throw new TidemarkError(
        'ERR_UNKNOWN_TOPIC',
        `the mock cluster has no topic '${topic}': create it with createTopic first`,
        { topic },
      )
    }
    integer('partition', partition, 0, partitions - 1)
    check(
      this.#native.setLeader(topic, partition, broker === null ? -1 : this.#checkBroker(broker)),
    )
  }

  /**
   * With true cuts a broker's connections and takes no new ones, with false brings it back. Leaders
   * stay.
   */
  setBrokerDown(broker: number, down: boolean): void {
    if (typeof down !== 'boolean') {
      throw invalid(`down must be true or false, not ${describe(down)}`)
    }
    check(this.#native.setBrokerDown(this.#checkBroker(broker), down))
  }

  /** Delays each response of a broker by 0 to 60,000 milliseconds. */
  setRoundTripTime(broker: number, ms: number): void {
    integer('ms', ms, 0, LARGEST_ROUND_TRIP_MS)
    check(this.#native.setRoundTripTime(this.#checkBroker(broker), ms))
  }

  /** Ends the brokers and frees all records. Idempotent; never rejects. */
  async close(): Promise<void> {
    this.#native.close()
  }

  /** `await using`: closes. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #checkBroker(broker: number): number {
    return integer('broker', broker, 1, this.#brokers)
  }
}

function integer(name: string, value: unknown, min: number, max: number): number {
  return readInteger(value, name, min, max, CODE)
}

function check(error: NativeError | null): void {
  if (error) throw TidemarkError.from(error)
}

function exists(topic: string): TidemarkError {
  return new TidemarkError('ERR_KAFKA', `the mock cluster has a topic '${topic}' already`, {
    topic,
  })
}

function invalid(message: string): TidemarkError {
  return new TidemarkError(CODE, message)
}
