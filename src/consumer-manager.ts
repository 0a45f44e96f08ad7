import { setImmediate } from 'node:timers'
import type { InspectOptions, inspect } from 'node:util'
import type { RecordBatch, TypeMap } from 'apache-arrow'
import {
  type BatchesOptions,
  type PollOptions,
  readPollOptions,
  streamBatches,
} from './batch-stream.js'
import { type ClientEvent, eventOfNotice, eventOfStall } from './client-events.js'
import type { ColumnName, ColumnsOf, RecordColumns } from './columns.js'
import { Deferred } from './deferred.js'
import { describe } from './describe.js'
import { TidemarkError } from './errors.js'
import { HandedOutBatches } from './handed-out.js'
import { logTo } from './logger.js'
import { type NativeEngine, type NativeError, type NativeEvent, native } from './native.js'
import { renewOAuthToken, type ThrownByProvider } from './oauth-token.js'
import { type CheckedOptions, type ConsumerManagerOptions, checkOptions } from './options.js'
import type { PartitionStateColumns } from './partition-state.js'
import { PendingPoll, type PollOutcome } from './pending-poll.js'
import { maskSecrets } from './properties.js'
import type { RecordBatchFactory } from './record-batch.js'
import { Secrets } from './secrets.js'
import { lastStateOf, type StreamState } from './stream-state.js'

const DEFAULT_POLL_TIMEOUT_MS = 1_000

const CLOSED: NativeError = {
  code: 'ERR_CLOSED',
  message: 'the manager is closed',
  retriable: false,
}

const BUSY: NativeError = {
  code: 'ERR_BUSY',
  message: 'a poll is pending already: await it before the next one',
  retriable: true,
}

/**
 * What makes Arrow's objects. It is loaded while the engine starts: apache-arrow takes longer to load
 * than the brokers to answer.
 */
type ArrowModule = typeof import('./with-arrow.js')

type Opened = Omit<Extract<NativeEvent, { type: 'opened' }>, 'type'>

/** Proves that `new ConsumerManager` is called from `create`. */
const FROM_CREATE = Symbol('from ConsumerManager.create')

/**
 * Reads topics as one stream in timestamp order: first the replay of what is in the log, then live.
 *
 * Every method that fails rejects or throws with a {@link TidemarkError}. An error of the stream is
 * final: each later `poll` rejects with the same one. `ERR_STALLED` alone is not: the next one goes on.
 */
export class ConsumerManager<Columns extends TypeMap = RecordColumns>
  implements AsyncIterable<RecordBatch<Columns>>, AsyncDisposable
{
  readonly #options: CheckedOptions
  /** Set by `create`, as is the factory. */
  #arrow!: ArrowModule
  #batches!: RecordBatchFactory<Columns>
  readonly #handedOut = new HandedOutBatches()
  /** Its listener reaches back to this manager: the two are collected together. */
  readonly #engine: NativeEngine
  readonly #secrets: Secrets
  /** Null unless the option `oauthToken` threw when it was called last. */
  #tokenThrown: ThrownByProvider | null = null
  readonly #opened = new Deferred<Opened>()
  readonly #closed = new Deferred<void>()
  #state: StreamState
  #pendingPoll: PendingPoll | null = null
  #isClosing = false
  /** In this turn of the event loop, or it is to deliver in the next one. */
  #hasDelivered = false
  #hasRungSince = false

  private constructor(proof: typeof FROM_CREATE, options: CheckedOptions) {
    if (proof !== FROM_CREATE) {
      throw new TidemarkError(
        'ERR_INVALID_ARGUMENT',
        'ConsumerManager has no public constructor: use await ConsumerManager.create(options)',
      )
    }
    this.#options = options
    this.#secrets = new Secrets(options.native.config)
    this.#engine = new native.Engine(options.native, (event) => this.#onEvent(event))
    this.#state = this.#engine
  }

  /**
   * Resolves when the start and end offset of every partition are known and fetching has begun.
   *
   * @throws TidemarkError `ERR_INVALID_OPTION` before anything is started; `ERR_CREATE_TIMEOUT`,
   *   `ERR_UNKNOWN_TOPIC`, `ERR_NO_PARTITIONS`, `ERR_AUTHENTICATION`, `ERR_AUTHORIZATION` or
   *   `ERR_TIME_LOOKUP_UNSUPPORTED` with what the brokers said
   * @throws Error of Node's own where apache-arrow is not installed
   */
  static async create<Name extends ColumnName = keyof RecordColumns>(
    options: ConsumerManagerOptions<Name>,
  ): Promise<ConsumerManager<ColumnsOf<Name>>> {
    const checked = checkOptions(options, native)
    const manager = new ConsumerManager<ColumnsOf<Name>>(FROM_CREATE, checked)
    const [{ error, columns }] = await Promise.all([manager.#opened.promise, manager.#loadArrow()])
    if (error) throw manager.#errorOf(error)
    manager.#batches = new manager.#arrow.RecordBatchFactory(columns)
    return manager
  }

  /**
   * Returns the next rows, at most `batchSize`. In the replay it resolves when a batch is full, the
   * replay ends, or the time is over; in live as soon as one record is there. One poll at a time.
   *
   * @param timeoutMs 0 or more: 0 returns what is ready now, Infinity waits as long as it takes.
   *   When the time is over the batch has what can be released by then, which may be zero rows.
   * @throws TidemarkError `ERR_BUSY`, `ERR_CLOSED`, `ERR_INVALID_ARGUMENT`, or why the stream ended
   */
  async poll(
    timeoutMs: number = DEFAULT_POLL_TIMEOUT_MS,
    options: PollOptions = {},
  ): Promise<RecordBatch<Columns>> {
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      throw new TidemarkError(
        'ERR_INVALID_ARGUMENT',
        `timeoutMs must be a number of milliseconds, 0 or more, not ${describe(timeoutMs)}; ` +
          'options come after it, as poll(1_000, { signal })',
      )
    }
    const signal = readPollOptions(options)
    if (this.#isClosing) throw TidemarkError.from(CLOSED)
    signal?.throwIfAborted()
    if (this.#pendingPoll || !this.#engine.poll(timeoutMs)) throw TidemarkError.from(BUSY)

    this.#pendingPoll = new PendingPoll(signal, () => {
      this.#engine.cancelPoll()
      this.#settlePoll({ type: 'aborted', reason: signal?.reason })
    })
    const outcome = await this.#pendingPoll.outcome
    if (outcome.type === 'aborted') throw outcome.reason
    // Made after the await, so that its stack is the caller's.
    if (outcome.type === 'failed') throw this.#errorOf(outcome.error)
    const batch = this.#batches.fromSlab(outcome.slab)
    this.#handedOut.add(batch, outcome.slab)
    return batch
  }

  /** `for await (const batch of manager)`: the same as `manager.batches()`. */
  [Symbol.asyncIterator](): AsyncGenerator<RecordBatch<Columns>, void, undefined> {
    return this.batches()
  }

  /**
   * The batches that have rows, without end: it goes on from the replay to live. It ends when the
   * manager is closed, and throws what `poll` throws. Leaving the loop does not close the manager:
   * polling or another loop can go on from there.
   *
   * @throws TidemarkError `ERR_INVALID_ARGUMENT` from the first step, for wrong options
   */
  batches(options: BatchesOptions = {}): AsyncGenerator<RecordBatch<Columns>, void, undefined> {
    return streamBatches(this, options)
  }

  /**
   * Takes the memory of a batch back at once, instead of when the collector gets to it, which is
   * late. The batch must not be used any more: reading it throws `ERR_RELEASED`, and vectors and
   * typed arrays that were taken out of it before hold nothing. A second time does nothing.
   *
   * @throws TidemarkError `ERR_INVALID_ARGUMENT` for anything but a batch from this manager's poll
   */
  release(batch: RecordBatch<Columns>): void {
    this.#handedOut.release(batch, this.#engine)
  }

  /** Every record of the replay has been released, as of the last poll. */
  isLive(): boolean {
    return this.#state.isLive()
  }

  /** Records fetched and not yet released. */
  heldMessageCount(): number {
    return this.#state.heldMessageCount()
  }

  /** Partitions that are not fetched for now, since their share of the budget is full. */
  pausedPartitionCount(): number {
    return this.#state.pausedPartitionCount()
  }

  /**
   * The low water mark as of the last poll, epoch ms: everything below it has been released or can
   * be. Null in live, and until each partition has a record or is proven to be at its end.
   */
  getPrimingWatermark(): number | null {
    const lowWaterMark = this.#state.lowWaterMark()
    return lowWaterMark === null ? null : Number(lowWaterMark)
  }

  /** One row a partition, sorted by topic and partition. */
  partitionState(): RecordBatch<PartitionStateColumns> {
    return this.#arrow.toPartitionState(this.#state.partitionState(), this.#options.native.cutoffMs)
  }

  /**
   * Stops reading and frees what is held. A pending poll rejects with `ERR_CLOSED`, a `for await`
   * loop ends. Batches that were handed out stay usable, and the methods that tell the state
   * go on telling what it was in the end. Never rejects; takes `closeTimeoutMs` at most. Every
   * call returns the same promise.
   */
  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true
      if (this.#pendingPoll) {
        // Withdrawn, so that no answer moves the state on after it was read for the last time.
        this.#engine.cancelPoll()
        this.#settlePoll({ type: 'failed', error: CLOSED })
      }
      this.#state = lastStateOf(this.#engine)
      this.#engine.close()
    }
    return this.#closed.promise
  }

  /** `await using`: closes. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.for('nodejs.util.inspect.custom')](
    _depth: number,
    options: InspectOptions,
    show: typeof inspect,
  ): string {
    const { config, topics } = this.#options.native
    return `ConsumerManager ${show(
      {
        config: maskSecrets(config),
        topics: topics.map(({ name }) => name),
        isClosed: this.#isClosing,
        isLive: this.isLive(),
        primingWatermark: this.getPrimingWatermark(),
        heldMessageCount: this.heldMessageCount(),
        pausedPartitionCount: this.pausedPartitionCount(),
      },
      options,
    )}`
  }

  async #loadArrow(): Promise<void> {
    try {
      this.#arrow = await import('./with-arrow.js')
    } catch (error) {
      void this.close()
      throw error
    }
  }

  #onEvent(event: NativeEvent): void {
    switch (event.type) {
      case 'rung':
        this.#onRing()
        break
      case 'opened':
        this.#opened.resolve({
          error: event.error && this.#secrets.maskMessage(event.error),
          columns: event.columns,
        })
        break
      case 'polled':
        this.#onPolled(event)
        break
      case 'closed':
        this.#closed.resolve()
        break
      case 'token':
        void this.#renewOAuthToken()
        break
      case 'log':
        if (this.#options.logger) logTo(this.#options.logger, this.#secrets.maskMessage(event))
        break
      case 'notice':
        this.#tell(eventOfNotice(event.notice))
        break
    }
  }

  /**
   * At once, unless something was delivered in this turn of the event loop already. A poll that finds
   * its batch prepared rings at once, and native code goes on in the same turn for as long as that
   * rings again: timers, sockets and finalizers would wait for 1,000 batches.
   */
  #onRing(): void {
    if (this.#hasDelivered) this.#hasRungSince = true
    else this.#deliver()
  }

  #deliver(): void {
    this.#hasDelivered = true
    setImmediate(() => this.#afterTurn())
    this.#engine.deliver()
  }

  #afterTurn(): void {
    this.#hasDelivered = this.#hasRungSince
    this.#hasRungSince = false
    if (this.#hasDelivered) setImmediate(() => this.#deliver())
  }

  #onPolled({ slab, error }: Extract<NativeEvent, { type: 'polled' }>): void {
    if (!error) {
      this.#settlePoll({ type: 'answered', slab })
      return
    }
    const masked = this.#secrets.maskMessage(error)
    if (error.code === 'ERR_STALLED') this.#tell(eventOfStall(masked))
    this.#settlePoll({ type: 'failed', error: masked })
  }

  async #renewOAuthToken(): Promise<void> {
    if (!this.#options.oauthToken) return
    const renewal = await renewOAuthToken(this.#options.oauthToken, this.#engine, this.#secrets)
    this.#tokenThrown = renewal.thrown
    if (!this.#isClosing) this.#tell(renewal.event)
  }

  /** What `oauthToken` threw goes with the errors that it leads to: their messages do not quote it. */
  #errorOf(error: NativeError): TidemarkError {
    const thrown = this.#tokenThrown
    const isWhy =
      thrown && (error.code === 'ERR_AUTHENTICATION' || error.message.includes(thrown.message))
    return TidemarkError.from(error, isWhy ? { cause: thrown.cause } : {})
  }

  #tell(event: ClientEvent): void {
    const { onEvent } = this.#options
    if (!onEvent) return
    const told = 'message' in event ? this.#secrets.maskMessage(event) : event
    // In a microtask: an exception must not come up within native code, which has more to deliver.
    queueMicrotask(() => onEvent(told))
  }

  #settlePoll(outcome: PollOutcome): void {
    const pending = this.#pendingPoll
    // Before its promise settles: who hears of it may poll again at once.
    this.#pendingPoll = null
    pending?.settle(outcome)
  }
}
