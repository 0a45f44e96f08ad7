import type { InspectOptions, inspect } from 'node:util'
import type { RecordBatch, TypeMap } from 'apache-arrow'
import {
  type BatchesOptions,
  type PollOptions,
  readPollOptions,
  streamBatches,
} from './batch-stream.js'
import type { ColumnName, ColumnsOf, RecordColumns } from './columns.js'
import { describe } from './describe.js'
import { TidemarkError } from './errors.js'
import { HandedOutBatches } from './handed-out.js'
import { native } from './native.js'
import { NativeSession } from './native-session.js'
import { type CheckedOptions, type ConsumerManagerOptions, checkOptions } from './options.js'
import type { PartitionStateColumns } from './partition-state.js'
import { maskSecrets } from './properties.js'
import type { RecordBatchFactory } from './record-batch.js'

const DEFAULT_POLL_TIMEOUT_MS = 1_000

/**
 * What makes Arrow's objects. It is loaded while the engine starts: apache-arrow takes longer to load
 * than the brokers to answer.
 */
type ArrowModule = typeof import('./with-arrow.js')

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
  readonly #session: NativeSession

  private constructor(proof: typeof FROM_CREATE, options: CheckedOptions) {
    if (proof !== FROM_CREATE) {
      throw new TidemarkError(
        'ERR_INVALID_ARGUMENT',
        'ConsumerManager has no public constructor: use await ConsumerManager.create(options)',
      )
    }
    this.#options = options
    this.#session = new NativeSession(options)
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
    const [columns] = await Promise.all([manager.#session.opened(), manager.#loadArrow()])
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
    const slab = await this.#session.poll(timeoutMs, signal)
    const batch = this.#batches.fromSlab(slab)
    this.#handedOut.add(batch, slab)
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
    this.#handedOut.release(batch, this.#session)
  }

  /** Every record of the replay has been released, as of the last poll. */
  isLive(): boolean {
    return this.#session.state.isLive()
  }

  /** Records fetched and not yet released. */
  heldMessageCount(): number {
    return this.#session.state.heldMessageCount()
  }

  /** Partitions that are not fetched for now, since their share of the budget is full. */
  pausedPartitionCount(): number {
    return this.#session.state.pausedPartitionCount()
  }

  /**
   * The low water mark as of the last poll, epoch ms: everything below it has been released or can
   * be. Null in live, and until each partition has a record or is proven to be at its end. Beyond
   * 2^53 it is the nearest number.
   */
  getPrimingWatermark(): number | null {
    const watermark = this.#session.state.watermark()
    return watermark === null ? null : Number(watermark)
  }

  /** One row a partition, sorted by topic and partition. */
  partitionState(): RecordBatch<PartitionStateColumns> {
    return this.#arrow.toPartitionState(
      this.#session.state.partitionState(),
      this.#options.native.cutoffMs,
    )
  }

  /**
   * Stops reading and frees what is held. A pending poll rejects with `ERR_CLOSED`, a `for await`
   * loop ends. Batches that were handed out stay usable, and the methods that tell the state
   * go on telling what it was in the end. Never rejects; takes `closeTimeoutMs` at most. Every
   * call returns the same promise.
   */
  close(): Promise<void> {
    return this.#session.close()
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
    const { config, segments, topics } = this.#options.native
    return `ConsumerManager ${show(
      {
        ...(segments === null ? { config: maskSecrets(config) } : { segments }),
        topics: topics.map(({ name }) => name),
        isClosed: this.#session.isClosed,
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
}
