/**
 * The whole native surface, typed. Nothing else in `src` touches the addon.
 *
 * Every native object takes one `listener` and calls it from a macrotask with one event at a time;
 * nothing here blocks, throws for a runtime fault, or makes an Error: faults are `NativeError`
 * records, which errors.ts turns into TidemarkErrors.
 */
import binding from '#binding'
import type { TidemarkErrorCode } from './error-codes.js'

/** A fault as native code reports it. */
export interface NativeError {
  code: TidemarkErrorCode
  message: string
  /** The name of the source that it is of; absent where that has none. */
  source?: string
  topic?: string
  partition?: number
  offset?: bigint
  /** `rd_kafka_resp_err_t` */
  kafkaCode?: number
  /** errno */
  systemError?: number
  retriable: boolean
}

/** In the order of native code's own list, against which a test holds them. */
export const NATIVE_CLIENT_EVENTS = [
  'brokerUp',
  'brokerDown',
  'allBrokersDown',
  'throttled',
  'error',
  'partitionError',
  'partitionAdded',
  'captureEnded',
  'eventsDropped',
] as const

/** What happens to the client beside its records (ClientEvent in native/source/client_event.h). */
export interface NativeClientEvent {
  type: (typeof NATIVE_CLIENT_EVENTS)[number]
  /** as in NativeError */
  source?: string
  /** 'host:port' */
  broker?: string
  brokerId?: number
  throttleMs?: number
  /** `rd_kafka_resp_err_t` */
  kafkaCode?: number
  code?: TidemarkErrorCode
  /** errno */
  systemError?: number
  message?: string
  topic?: string
  partition?: number
  offset?: bigint
  count?: number
}

export interface NativeOffset {
  partition: number
  offset: bigint
}

/** Where to start on a topic. `timestampMs` is read for `'timestamp'` only. */
export interface NativeTopic {
  name: string
  /** of the partitions without a start offset or a commit; `'none'`: there must not be any */
  start: 'earliest' | 'latest' | 'timestamp' | 'none'
  timestampMs: number
  /** the only ones that are read; empty: all */
  partitions: { partition: number }[]
  startOffsets: NativeOffset[]
  /** the consumer group whose commits are start offsets; empty: none */
  group: string
  /** what becomes of a start offset that the log does not have */
  outOfRange: 'fail' | 'earliest' | 'latest'
  /** with `endsAtOffsets`, of each partition that is read */
  endOffsets: NativeOffset[]
}

/** 0: no bound. */
export interface NativeCapture {
  dir: string
  segmentBytes: number
  segmentMs: number
  maxBytes: number
  maxMs: number
  maxQueuedBytes: number
  holdsStream: boolean
}

/** One source of a stream, checked by source-options.ts. */
export interface NativeSource {
  /** no other source's; empty for the only one of a stream, which is written without */
  name: string
  /** librdkafka properties of the user; the engine adds its own. */
  config: Record<string, string>
  /** the folder whose log segments are read; null: `config` says which brokers are */
  segments: string | null
  topics: NativeTopic[]
  capture: NativeCapture | null
}

/** Checked and complete: options.ts fills in every default. Sizes in bytes, times in ms. */
export interface NativeOptions {
  sources: NativeSource[]
  /** names of the columns, in order */
  columns: string[]
  batchSize: number
  maxBatchBytes: number
  maxBufferedBytes: number
  /** the default: to what the number of partitions needs, which is known only once connected */
  bufferedBytesMayGrow: boolean
  /** epoch ms, or null */
  cutoffMs: number | null
  /** a token, or null; it wins over the starts of its topics */
  resume: string | null
  /** no live follows */
  endsAfterReplay: boolean
  /** the topics say at which */
  endsAtOffsets: boolean
  failOnLateRecord: boolean
  readCommitted: boolean
  digest: boolean
  createTimeoutMs: number
  closeTimeoutMs: number
  /** 0: never */
  stallTimeoutMs: number
  /** without them log lines and client events are dropped where they arise */
  wantsLogs: boolean
  wantsClientEvents: boolean
  transferable: boolean
}

/** A column of every RecordBatch of a stream (native/columns/known_columns.h has their list). */
export interface NativeColumn {
  name: string
  /** of the Arrow C data interface; with a dictionary, that of the indices */
  format: string
  nullable: boolean
  dictionary: string[] | null
}

/** What one budget allows (native/kafka/fetch_limits.h). */
export interface NativeFetchLimits {
  /** below it a budget is refused */
  leastBudget: number
  /** of one fetch */
  ofPartition: number
  ofPartitionAlone: number
  ofBroker: number
  /** of one partition */
  queue: number
  share: number
}

/**
 * The columns of one RecordBatch. The first buffer begins with numbers that say where in the buffers
 * each column lies (slab-head.ts); the columns come in the order in which they were chosen.
 */
export interface NativeSlab {
  buffers: ArrayBuffer[]
}

/** A partition of a token (native/token/token.h). */
export interface TokenPartition {
  partition: number
  /** Everything before it was released. */
  nextOffset: bigint
  /** Of the last record released, in epoch ms; null: none was, or none with a timestamp. */
  mergeKey: bigint | null
  leaderEpoch: number | null
  /** Epoch ms: it begins with its first record at or past this time, and none was found yet. */
  startTimeMs: bigint | null
  /** The replay ends before it; null in live. */
  endOffset: bigint | null
}

export interface TokenTopic {
  name: string
  /** As Kafka's tools show it; null: not known. */
  id: string | null
  partitions: TokenPartition[]
}

/** What a token says (native/token/token.h). */
export interface NativeToken {
  isLive: boolean
  readCommitted: boolean
  failOnLateRecord: boolean
  /** epoch ms */
  cutoff: bigint | null
  /** By the bytes of their names, as are their topics. */
  sources: {
    /** empty where it has none */
    name: string
    /** empty: not known */
    clusterId: string
    topics: TokenTopic[]
  }[]
}

/** One element a partition, in the order (topic, partition, source). A missing value is `null`. */
export interface NativePartitionState {
  /** empty where it has no name */
  source: string
  topic: string
  partition: number
  replayStartOffset: bigint
  replayEndOffset: bigint
  consumedOffset: bigint | null
  /** as of the last resolved poll */
  releasedOffset: bigint | null
  lastMessageTimestamp: bigint | null
  /** as of the last resolved poll */
  isLive: boolean
  isPaused: boolean
  /** late records released, as of the last resolved poll */
  lateRecords: bigint
  /** offsets that no record batch covered, on a compacted topic */
  gaps: bigint
}

/** The parts of what one manager holds, in bytes. They exclude each other. */
export interface HeldMemory {
  /**
   * responses of brokers, whole, from when they begin to arrive until they are read; one that is mostly
   * a single record batch then counts as that batch
   */
  responses: number
  /** record batches that wait for the merge, decompressed or as they came */
  queued: number
  /** librdkafka's own structures around those */
  queuedOverhead: number
  /**
   * record batches that the merge has taken, until their last record is released and, with `capture`,
   * written
   */
  merging: number
  /** librdkafka's own structures around those */
  mergingOverhead: number
  /** the partitions, each with a few records that are decoded ahead */
  decoding: number
  /**
   * what it takes to inflate record batches that arrived compressed: what was inflated of them and is
   * read now or next, and the codecs
   */
  inflating: number
  /** batches that are being filled, or wait for a `poll` */
  preparedBatches: number
  /**
   * batches that you have, neither released nor collected, except copies: those below 16 KiB, and all
   * with `transferable`
   */
  handedOutBatches: number
  /** memory of released batches, for the next ones */
  freeBatches: number
  /** the same for what is read from log segments */
  spareBuffers: number
  /** librdkafka's handles, brokers and partitions: an estimate, without what these allocate */
  client: number
}

/** What malloc has of the process, in bytes. */
export interface NativeMallocMemory {
  /** with what the addon maps beside malloc, as parts of `HeldMemory` */
  inUse: number
  /** kept beyond that */
  free: number
}

/** Which part of the stream comes next. */
export type Phase = 'replay' | 'live' | 'ended'

export type NativeEvent =
  /** Events wait: call deliver(), once a turn of the event loop. */
  | { type: 'rung' }
  /** `create` is through: offsets are resolved and fetching has begun, or the reason why not. */
  | { type: 'opened'; error: NativeError | null; columns: NativeColumn[] }
  /** Answers poll(): always exactly one per poll() that was not refused, unless cancelled. */
  | { type: 'polled'; slab: NativeSlab | null; error: NativeError | null }
  /** The last event: threads are joined (or handed to the reaper) and memory is free. */
  | { type: 'closed' }
  /**
   * A source asks for an OAUTHBEARER token: answer with setOAuthToken or setOAuthTokenFailure. Its
   * name is absent where it has none, here and in log lines.
   */
  | { type: 'token'; source?: string }
  /** a librdkafka log line; level as in syslog, 0 to 7 */
  | { type: 'log'; level: number; facility: string; message: string; source?: string }
  | { type: 'clientEvent'; clientEvent: NativeClientEvent }

/** One stream: an engine thread with its consumer, merge and builder. */
export interface NativeEngine {
  /**
   * Asks for one slab; `polled` answers. False when one is pending already.
   * With `timeoutMs` 0 the answer is what is ready now.
   */
  poll(timeoutMs: number): boolean
  /** Withdraws the pending poll: no `polled` follows. Its rows stay for the next poll. */
  cancelPoll(): void
  /** Gives a slab's memory back at once and detaches its ArrayBuffers. Idempotent. */
  release(slab: NativeSlab): void
  /** As of the last `polled`. */
  phase(): Phase
  /** Epoch ms, null when live or not known yet, as of the last `polled`. */
  watermark(): bigint | null
  /** Records fetched and not yet released. */
  heldMessageCount(): number
  pausedPartitionCount(): number
  partitionState(): NativePartitionState[]
  /** As of the last `polled` without an error, as is the digest; also after its end. */
  token(): string
  /** Of all rows handed out; of none without the option `digest`. The sums are residues of 2^61 - 1. */
  digest(): { rows: number; first: bigint; second: bigint }
  /** Where its memory is by now; after its end, the batches that the caller still has. */
  memory(): HeldMemory
  /**
   * `source` is the name of the one that asked, empty where it has none. `principal` may be empty;
   * `lifetimeMs` is the epoch ms at which the token ends.
   */
  setOAuthToken(
    source: string,
    token: string,
    lifetimeMs: number,
    principal: string,
  ): NativeError | null
  setOAuthTokenFailure(source: string, reason: string): void
  /** Hands all events out that wait, before it returns. */
  deliver(): void
  /** Ends all; a pending poll gets its `polled` with ERR_CLOSED before `closed`. Idempotent. */
  close(): void
}

export type NativeListener<Event> = (event: Event) => void

/** librdkafka's in-process mock brokers. Synchronous: it listens on loopback only. */
export interface NativeMockCluster {
  /** empty where it could not be started, and after close() */
  readonly bootstrapServers: string
  /** null, or what went wrong */
  createTopic(name: string, partitions: number): NativeError | null
  /** Moves the leader of a partition; -1: no leader. */
  setLeader(topic: string, partition: number, broker: number): NativeError | null
  setBrokerDown(broker: number, down: boolean): NativeError | null
  /** Round-trip time added to each response of a broker, ms. */
  setRoundTripTime(broker: number, ms: number): NativeError | null
  close(): void
}

export type NativeProducerEvent =
  /** Answers every call that takes an id, in their order; id 0 answers the constructor. */
  | { type: 'done'; id: number; error: NativeError | null }
  /** The last event; the error tells of the records that were still queued. */
  | { type: 'closed'; error: NativeError | null }

export interface NativeProducer {
  /** The number by which packed records name a topic; -1 where librdkafka refuses the name. */
  topic(name: string): number
  /**
   * Queues the records of testing/packed-records.ts from the byte `begin` on; they are copied.
   * `end` is the byte after the last one queued, or after the one that `error` refuses. Short of
   * the end without an error: the queue is full.
   */
  send(packed: Uint8Array, begin: number): { end: number; error: NativeError | null }
  /** Done when half of what is queued now has been acknowledged or given up. */
  waitForRoom(id: number): void
  /** Done when all that was sent is acknowledged or given up; the error is the first failure's. */
  flush(id: number, timeoutMs: number): void
  initTransactions(id: number, timeoutMs: number): void
  beginTransaction(id: number): void
  commitTransaction(id: number, timeoutMs: number): void
  abortTransaction(id: number, timeoutMs: number): void
  /**
   * What waits is done with ERR_CLOSED. What is queued is sent within `graceMs`, the rest dropped;
   * `closed` follows. May be called again, with a shorter time.
   */
  close(graceMs: number): void
}

export interface NativeBinding {
  Engine: new (options: NativeOptions, listener: NativeListener<NativeEvent>) => NativeEngine
  MockCluster: new (brokers: number) => NativeMockCluster
  Producer: new (
    config: Record<string, string>,
    listener: NativeListener<NativeProducerEvent>,
  ) => NativeProducer
  /**
   * Every property that librdkafka knows, with the scope 'producer', 'consumer' or '*', and the
   * property that it is another name of, or ''.
   */
  properties(): { name: string; scope: string; aliasOf: string }[]
  /** Error codes that native code can raise; a test holds them against error-codes.ts. */
  errorCodes(): string[]
  /** Client events that native code tells of; a test holds them against NATIVE_CLIENT_EVENTS. */
  clientEventTypes(): string[]
  /** The properties that the engine sets; a test holds them against owned-properties.ts. */
  ownProperties(readCommitted: boolean): Record<string, string>
  /** What a budget makes of each, in bytes; a test holds the documentation against it. */
  fetchLimits(budget: number, partitions: number): NativeFetchLimits
  /** Null where malloc does not tell. It takes malloc's locks. */
  mallocMemory(): NativeMallocMemory | null
  /** What a token says, or what is wrong with it. */
  readToken(token: string): NativeToken | NativeError
  /** Every column that there is; the dictionaries of topics and of sources are empty here. */
  columns(): NativeColumn[]
}

export const native: NativeBinding = binding as NativeBinding
