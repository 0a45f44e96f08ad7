import { setImmediate } from 'node:timers/promises'
import { Deferred } from '../deferred.js'
import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import {
  type NativeError,
  type NativeProducer,
  type NativeProducerEvent,
  native,
} from '../native.js'
import { checkTopicName } from '../source-topic.js'
import { PackedRecords, type ProducerRecord } from './packed-records.js'
import {
  type CheckedProducerOptions,
  checkProducerOptions,
  type ProducerOptions,
} from './producer-options.js'

/** `sendAll` gives records on, and the event loop a turn, when it has so many of them. */
const CHUNK_RECORDS = 4096
const CHUNK_BYTES = 1 << 20

/** The id under which native code says what became of the constructor. */
const OPENED = 0

const CLOSED: NativeError = {
  code: 'ERR_CLOSED',
  message: 'the producer is closed',
  retriable: false,
}

/** Proves that `new Producer` is called from `create`. */
const FROM_CREATE = Symbol('from Producer.create')

/**
 * Writes records with the partition and timestamp that a test needs, to a MockCluster or to any
 * Kafka. The records of a partition stand in the log in the order in which they were sent.
 *
 * Every method that fails rejects with a TidemarkError. A record that could not be delivered is
 * reported by the next `flush`, `commitTransaction` or `close`.
 */
export class Producer implements AsyncDisposable {
  readonly #options: CheckedProducerOptions
  readonly #native: NativeProducer
  readonly #pending = new Map<number, Deferred<NativeError | null>>()
  readonly #closed = new Deferred<void>()
  readonly #topics = new Map<string, number>()
  readonly #packed = new PackedRecords((topic) => this.#numberOf(topic))
  /** Records are behind others that wait for room in the queue. */
  #waiting: Promise<void> | null = null
  #closing: Promise<void> | null = null
  #lastId = OPENED

  private constructor(proof: typeof FROM_CREATE, options: CheckedProducerOptions) {
    if (proof !== FROM_CREATE) {
      throw invalid('Producer has no public constructor: use await Producer.create({ config })')
    }
    this.#options = options
    this.#pending.set(OPENED, new Deferred())
    this.#native = new native.Producer(options.config, (event) => this.#onEvent(event))
  }

  /**
   * With `'transactional.id'` in `config` it also fences off older producers of that id, and
   * `beginTransaction` comes before the first `send`.
   *
   * @throws TidemarkError `ERR_INVALID_OPTION`; for transactions what the brokers said
   */
  static async create(options: ProducerOptions): Promise<Producer> {
    const checked = checkProducerOptions(options, native.properties())
    const producer = new Producer(FROM_CREATE, checked)
    try {
      await producer.#answer(OPENED)
      if (checked.config['transactional.id'] !== undefined) {
        await producer.#perform((id) => producer.#native.initTransactions(id, checked.timeoutMs))
      }
    } catch (error) {
      producer.#closing = producer.#end()
      await producer.#closing
      throw error
    }
    return producer
  }

  /**
   * Queues a record: at once, in the order of the calls, also when they are not awaited. Resolves
   * when the record is in the queue, which is at once unless that is full. Byte arrays are copied.
   *
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`, `ERR_CLOSED`, or why librdkafka refuses it
   */
  async send(record: ProducerRecord): Promise<void> {
    this.#checkOpen()
    this.#packed.add(record)
    await this.#queue()
  }

  /** Queues all of them, as `send` does, but millions within seconds. */
  async sendAll(
    records: Iterable<ProducerRecord> | AsyncIterable<ProducerRecord>,
  ): Promise<void> {
    this.#checkOpen()
    if (typeof records !== 'object' || records === null) {
      throw invalid(`sendAll takes an iterable of records, not ${describe(records)}`)
    }
    // Of its own: records that others send meanwhile must not wait for these.
    const packed = new PackedRecords((topic) => this.#numberOf(topic))
    const sendPacked = async () => {
      await this.#waiting
      await this.#queueFrom(packed)
      await setImmediate()
      this.#checkOpen()
    }
    const add = (record: ProducerRecord) => {
      packed.add(record)
      return packed.count >= CHUNK_RECORDS || packed.byteLength >= CHUNK_BYTES
    }
    if (Symbol.iterator in records) {
      for (const record of records) if (add(record)) await sendPacked()
    } else {
      for await (const record of records) if (add(record)) await sendPacked()
    }
    await sendPacked()
  }
}
