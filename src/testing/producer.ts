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
import { Secrets } from '../options/secrets.js'
import { checkTopicName } from '../topics/source-topic.js'
import { PackedRecords, type ProducerRecord } from './packed-records.js'
import {
  type CheckedProducerOptions,
  checkProducerOptions,
  type ProducerOptions,
} from './producer-options.js'

/** `sendAll` queues so many records, then gives the event loop a turn. */
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
 * Kafka. The log of a partition has its records in the order in which they were sent.
 *
 * Every method that fails rejects with a TidemarkError. A record that could not be delivered is
 * reported by the next `flush`, `commitTransaction` or `close`.
 */
export class Producer implements AsyncDisposable {
  readonly #options: CheckedProducerOptions
  readonly #secrets: Secrets
  readonly #native: NativeProducer
  readonly #pending = new Map<number, Deferred<NativeError | null>>()
  readonly #closed = new Deferred<NativeError | null>()
  readonly #topics = new Map<string, number>()
  /** What librdkafka's queue has not taken yet. */
  readonly #backlog = new PackedRecords((topic) => this.#numberOf(topic))
  /** Settles when the backlog is empty; null when it is. */
  #draining: Promise<void> | null = null
  #closing: Promise<void> | null = null
  #isClosed = false
  #lastId = OPENED

  private constructor(proof: typeof FROM_CREATE, options: CheckedProducerOptions) {
    if (proof !== FROM_CREATE) {
      throw new TidemarkError(
        'ERR_INVALID_ARGUMENT',
        'Producer has no public constructor: use await Producer.create({ config })',
      )
    }
    this.#options = options
    this.#secrets = new Secrets(options.config)
    this.#pending.set(OPENED, new Deferred())
    this.#native = new native.Producer(options.config, (event) => this.#onEvent(event))
  }

  /**
   * Makes a producer. With `'transactional.id'` in `config` it also fences off older producers of that
   * id; call `beginTransaction` before the first `send`.
   *
   * @throws TidemarkError `ERR_INVALID_OPTION`; with transactions what the brokers said
   */
  static async create(options: ProducerOptions): Promise<Producer> {
    const checked = checkProducerOptions(options, native.properties())
    const producer = new Producer(FROM_CREATE, checked)
    try {
      await producer.#answerTo(OPENED)
      if (checked.config['transactional.id'] !== undefined) {
        await producer.#perform('initTransactions', checked.timeoutMs)
      }
    } catch (error) {
      await producer.#end(0)
      throw error
    }
    return producer
  }

  /**
   * Queues a record at once, in the order of the calls, even if they are not awaited. Bytes are copied.
   *
   * @returns resolves when librdkafka's queue has taken it: at once unless that is full
   *
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`, `ERR_CLOSED`, or why librdkafka refuses it
   */
  async send(record: ProducerRecord): Promise<void> {
    this.#checkOpen()
    this.#backlog.add(record)
    await this.#queue()
  }

  /** Queues all records in their order, as `send` does; the way to send millions. */
  async sendAll(records: Iterable<ProducerRecord> | AsyncIterable<ProducerRecord>): Promise<void> {
    this.#checkOpen()
    if (isAsyncIterable(records)) {
      for await (const record of records) await this.send(record)
      return
    }
    try {
      for (const record of iterable(records)) {
        this.#backlog.add(record)
        if (this.#backlog.count < CHUNK_RECORDS && this.#backlog.byteLength < CHUNK_BYTES) continue
        await this.#queue()
        await setImmediate()
        this.#checkOpen()
      }
    } finally {
      await this.#queue()
    }
  }

  /**
   * Waits for the brokers.
   *
   * @returns resolves when everything that was sent is acknowledged
   * @throws TidemarkError of the first record that could not be delivered since the last `flush`;
   *   `ERR_KAFKA` with `retriable` when `timeoutMs` is over
   */
  async flush(): Promise<void> {
    this.#checkOpen()
    await this.#drained()
    await this.#perform('flush', this.#options.timeoutMs)
  }

  /** Starts a transaction. @throws TidemarkError what librdkafka or the brokers said */
  async beginTransaction(): Promise<void> {
    this.#checkOpen()
    await this.#perform('beginTransaction', this.#options.timeoutMs)
  }

  /** Sends what is queued, then commits. @throws TidemarkError what librdkafka or the brokers said */
  async commitTransaction(): Promise<void> {
    this.#checkOpen()
    await this.#drained()
    await this.#perform('commitTransaction', this.#options.timeoutMs)
  }

  /**
   * Gives up what is queued. What was written stays in the log as aborted records.
   *
   * @throws TidemarkError what librdkafka or the brokers said
   */
  async abortTransaction(): Promise<void> {
    this.#checkOpen()
    await this.#drained()
    await this.#perform('abortTransaction', this.#options.timeoutMs)
  }

  /**
   * Sends what is queued, for at most `closeTimeoutMs`, and frees everything. An open transaction stays
   * open. Every call returns the same promise.
   *
   * @throws TidemarkError if records could not be delivered; everything is freed all the same
   */
  close(): Promise<void> {
    this.#closing ??= this.#sendAndEnd()
    return this.#closing
  }

  /** `await using`: closes. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #sendAndEnd(): Promise<void> {
    const deadline = performance.now() + this.#options.closeTimeoutMs
    const giveUp = setTimeout(() => this.#native.close(0), this.#options.closeTimeoutMs)
    await this.#drained()
    clearTimeout(giveUp)
    const error = await this.#end(Math.max(0, Math.round(deadline - performance.now())))
    if (error) throw TidemarkError.from(error)
  }

  #end(graceMs: number): Promise<NativeError | null> {
    this.#native.close(graceMs)
    return this.#closed.promise
  }

  #checkOpen(): void {
    if (this.#closing) throw TidemarkError.from(CLOSED)
  }

  #numberOf(topic: string): number {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known
    checkTopicName(topic)
    const number = this.#native.topic(topic)
    this.#topics.set(topic, number)
    return number
  }

  /** Hands the backlog on, or waits with it behind what is waiting already. */
  #queue(): Promise<void> {
    if (this.#draining) return this.#draining
    const draining = this.#drain()
    if (this.#backlog.count > 0) this.#draining = draining
    return draining
  }

  async #drain(): Promise<void> {
    let failure: NativeError | null = null
    let position = 0
    try {
      for (;;) {
        const { end, error } = this.#native.send(this.#backlog.bytes, position)
        position = end
        failure ??= error
        if (position === this.#backlog.byteLength) break
        if (!error) await this.#perform('waitForRoom')
      }
    } finally {
      this.#backlog.clear()
      this.#draining = null
    }
    if (failure) throw TidemarkError.from(failure)
  }

  /** Who sent the records hears of their errors. */
  async #drained(): Promise<void> {
    await this.#draining?.catch(() => {})
  }

  async #perform(operation: Operation, timeoutMs = 0): Promise<void> {
    if (this.#isClosed) throw TidemarkError.from(CLOSED)
    const id = ++this.#lastId
    this.#pending.set(id, new Deferred())
    this.#native[operation](id, timeoutMs)
    await this.#answerTo(id)
  }

  async #answerTo(id: number): Promise<void> {
    const error = await this.#pending.get(id)?.promise
    // Made after the await, so that its stack is the caller's.
    if (error) throw TidemarkError.from(error)
  }

  #onEvent(event: NativeProducerEvent): void {
    const error = event.error && this.#secrets.maskMessage(event.error)
    if (event.type === 'closed') {
      this.#isClosed = true
      this.#closed.resolve(error)
      return
    }
    this.#pending.get(event.id)?.resolve(error)
    this.#pending.delete(event.id)
  }
}

type Operation =
  | 'waitForRoom'
  | 'flush'
  | 'initTransactions'
  | 'beginTransaction'
  | 'commitTransaction'
  | 'abortTransaction'

function isAsyncIterable(value: object): value is AsyncIterable<ProducerRecord> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function iterable(records: Iterable<ProducerRecord>): Iterable<ProducerRecord> {
  if (typeof records === 'object' && records !== null && Symbol.iterator in records) return records
  throw new TidemarkError(
    'ERR_INVALID_ARGUMENT',
    `sendAll takes an iterable of records, not ${describe(records)}`,
  )
}
