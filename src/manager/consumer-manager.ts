import type { InspectOptions, inspect } from 'node:util'
import type { RecordBatch, TypeMap } from 'apache-arrow'
import type { ColumnName, ColumnsOf, RecordColumns } from '../columns/columns.js'
import type { PartitionStateColumns } from '../columns/partition-state.js'
import type { RecordBatchFactory } from '../columns/record-batch.js'
import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import { native, type Phase } from '../native.js'
import {
  type CheckedOptions,
  type ConsumerManagerOptions,
  checkOptions,
  type MultiSourceOptions,
} from '../options/options.js'
import { maskSecrets } from '../options/properties.js'
import {
  type BatchesOptions,
  type PollOptions,
  readPollOptions,
  streamBatches,
} from './batch-stream.js'
import { type Digest, toDigest } from './digest.js'
import { HandedOutBatches } from './handed-out.js'
import { accountOf, type MemoryAccount } from './memory.js'
import { NativeSession } from './native-session.js'

const DEFAULT_POLL_TIMEOUT_MS = 1_000

/**
 * What makes Arrow's objects. It is loaded while the engine starts: apache-arrow takes longer to load
 * than the brokers to answer.
 */
type ArrowModule = typeof import('../columns/with-arrow.js')

/** Proves that `new ConsumerManager` is called from `create`. */
const FROM_CREATE = Symbol('from ConsumerManager.create')

/**
 * Reads topics as one stream of Arrow RecordBatches: first the replay of what is in the log, in
 * timestamp order, then live.
 *
 * Every method that fails rejects or throws with a {@link TidemarkError}. An error of the stream is
 * final: every later `poll` rejects with the same one. `ERR_STALLED` alone is not final: poll again.
 *
 * @typeParam Columns - the columns of a batch; they follow from the option `columns`
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
   * Connects, looks up where each partition starts and ends, and begins to fetch. If one of several
   * sources cannot be opened, the others are closed.
   *
   * @param options `topics` is required, and one of `config` and `segments`; or `sources`, which have
   *   them
   * @returns the manager, when the start and end offset of every partition are known
   * @throws TidemarkError `ERR_INVALID_OPTION`, before anything is started unless it is about the number
   *   of partitions; with `resume` `ERR_TOKEN_DAMAGED`, `ERR_TOKEN_TOO_NEW`, `ERR_TOKEN_MISMATCH`,
   *   `ERR_TOPIC_RECREATED`, `ERR_OFFSET_OUT_OF_RANGE` or `ERR_LOG_TRUNCATED`; `ERR_CREATE_TIMEOUT`,
   *   `ERR_UNKNOWN_TOPIC`, `ERR_NO_PARTITIONS`, `ERR_UNKNOWN_PARTITION`, `ERR_MISSING_OFFSET`,
   *   `ERR_OFFSET_OUT_OF_RANGE`, `ERR_AUTHENTICATION`, `ERR_AUTHORIZATION`,
   *   `ERR_TIME_LOOKUP_UNSUPPORTED`, `ERR_KAFKA` or `ERR_OUT_OF_MEMORY` with what the brokers or the
   *   system said; with `segments` `ERR_SEGMENT_UNREADABLE` or `ERR_SEGMENT_CHANGED`; with `capture`
   *   `ERR_CAPTURE` or `ERR_CAPTURE_IN_USE`
   * @throws Error of Node's own if apache-arrow is not installed
   */
  static async create<Name extends ColumnName = keyof RecordColumns>(
    options: ConsumerManagerOptions<Name> | MultiSourceOptions<Name>,
  ): Promise<ConsumerManager<ColumnsOf<Name>>> {
    const checked = checkOptions(options, native)
    const manager = new ConsumerManager<ColumnsOf<Name>>(FROM_CREATE, checked)
    const [columns] = await Promise.all([manager.#session.opened(), manager.#loadArrow()]).catch(
      async (error) => {
        // Its folder is free again: else the next try would be told that another capture has it.
        if (checked.native.sources.some(({ capture }) => capture)) await manager.close()
        throw error
      },
    )
    manager.#batches = new manager.#arrow.RecordBatchFactory(columns)
    return manager
  }

  /**
   * The next rows. One poll at a time.
   *
   * In the replay it resolves when the batch is full (`batchSize` rows or `maxBatchBytes` bytes), the
   * replay ends, or `timeoutMs` is over; in live as soon as one record is there.
   *
   * @param timeoutMs milliseconds, 0 or more, 1,000 by default. 0 returns what is ready now, Infinity
   *   waits
   * @returns at most `batchSize` rows. After `timeoutMs` those that can be released by then, which may
   *   be none
   * @throws TidemarkError `ERR_BUSY` while another poll is pending, `ERR_CLOSED`,
   *   `ERR_INVALID_ARGUMENT`, the error that ended the stream, `ERR_ENDED` once `phase()` is `'ended'`, or
   *   `ERR_STALLED`, after which the next poll continues
   * @throws `signal.reason` when `signal` aborts; the next poll has the rows
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
   * A loop over the batches that have rows. It does not end at the switch to live, but when the
   * manager is closed or, with the option `until`, where the stream ends. Leaving it does not close
   * the manager: poll or loop again.
   *
   * @throws TidemarkError what `poll` throws, except `ERR_CLOSED` and `ERR_ENDED`; `ERR_INVALID_ARGUMENT` from the
   *   first step for wrong options
   */
  batches(options: BatchesOptions = {}): AsyncGenerator<RecordBatch<Columns>, void, undefined> {
    return streamBatches(this, options)
  }

  /**
   * Frees the memory of a batch now. Without it the garbage collector does, but late. From then on
   * reading the batch throws `ERR_RELEASED`; typed arrays taken out of it before are empty, and vectors
   * read null or undefined. A second time does nothing.
   *
   * @param batch from a `poll` of this manager
   * @throws TidemarkError `ERR_INVALID_ARGUMENT` for anything else, such as a slice
   */
  release(batch: RecordBatch<Columns>): void {
    this.#handedOut.release(batch, this.#session)
  }

  /**
   * True once every record of the replay has been released, as of the last poll. With the option
   * `until` it stays false, since the stream ends there: see `phase()`.
   */
  isLive(): boolean {
    return this.phase() === 'live'
  }

  /**
   * Which part of the stream the next rows are of, as of the last poll: `'replay'`, `'live'` or, with
   * the option `until`, `'ended'` once every record up to the end has been returned.
   */
  phase(): Phase {
    return this.#session.state.phase()
  }

  /** The number of records that are fetched and not yet released; 0 after `close`. */
  heldMessageCount(): number {
    return this.#session.state.heldMessageCount()
  }

  /**
   * The number of partitions that are not fetched for now because their share of `maxBufferedBytes` is
   * full; 0 after `close`. Not one with room in its share that waits because all together hold too much.
   */
  pausedPartitionCount(): number {
    return this.#session.state.pausedPartitionCount()
  }

  /**
   * The watermark as of the last poll, in epoch milliseconds: everything below it has been or can be
   * released. Null until each partition has a record or is at its end, and in live. Beyond 2^53 it is
   * the nearest number.
   */
  getPrimingWatermark(): number | null {
    const watermark = this.#session.state.watermark()
    return watermark === null ? null : Number(watermark)
  }

  /** One row per partition, sorted by topic, partition and source. After `close` the state at the end. */
  partitionState(): RecordBatch<PartitionStateColumns> {
    return this.#arrow.toPartitionState(
      this.#session.state.partitionState(),
      this.#options.native.cutoffMs,
    )
  }

  /**
   * Where the stream is, as one string: everything that the last resolved `poll` and those before it
   * have returned. A manager that is created with `resume: token` goes on with the next row. Store it
   * with what you made of the rows, in one transaction: then a crash loses and repeats nothing.
   *
   * Also after `close`, and after an error of the stream, it is that of the last batch. It takes about
   * 0.1 ms for 1,000 partitions, which need about 15 KB.
   */
  token(): string {
    return this.#session.state.token()
  }

  /**
   * What the rows add up to that the last resolved `poll` and those before it have returned, with the
   * option `digest`. Also after `close`, and after an error of the stream.
   *
   * @throws TidemarkError `ERR_INVALID_ARGUMENT` without that option
   */
  digest(): Digest {
    if (!this.#options.native.digest) {
      throw new TidemarkError(
        'ERR_INVALID_ARGUMENT',
        'digest() needs the option digest: true, which sums the rows up',
      )
    }
    return toDigest(this.#session.state.digest())
  }

  /**
   * Where the memory of this manager and of the process is, in bytes, at this moment. It takes tens of
   * microseconds, and milliseconds while malloc is busy on other threads: it is for gauges, not for each
   * batch. After `close` only batches that you have are held.
   *
   * @returns what is held, in parts that add up, and where the rest of the process's memory is
   */
  memory(): MemoryAccount {
    return accountOf(this.#session.heldMemory())
  }

  /**
   * Stops reading and frees everything but the batches that you have. A pending poll rejects with
   * `ERR_CLOSED`, a `for await` loop ends. The state methods keep the last state.
   *
   * @returns resolves within `closeTimeoutMs` and never rejects; every call returns the same promise
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
    const sources = this.#options.native.sources.map(({ name, config, segments, topics }) => ({
      ...(name === '' ? {} : { name }),
      ...(segments === null ? { config: maskSecrets(config) } : { segments }),
      topics: topics.map((topic) => topic.name),
    }))
    return `ConsumerManager ${show(
      {
        ...(this.#hasNames ? { sources } : sources[0]),
        isClosed: this.#session.isClosed,
        phase: this.phase(),
        primingWatermark: this.getPrimingWatermark(),
        heldMessageCount: this.heldMessageCount(),
        pausedPartitionCount: this.pausedPartitionCount(),
      },
      options,
    )}`
  }

  /** Of its sources, with the option `sources`. */
  get #hasNames(): boolean {
    return this.#options.native.sources.some(({ name }) => name !== '')
  }

  async #loadArrow(): Promise<void> {
    try {
      this.#arrow = await import('../columns/with-arrow.js')
    } catch (error) {
      void this.close()
      throw error
    }
  }
}
