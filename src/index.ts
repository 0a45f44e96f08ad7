export type { ColumnName, ColumnsOf, RecordColumns } from './columns/columns.js'
export type { PartitionStateColumns } from './columns/partition-state.js'
export type { TidemarkErrorCode } from './error-codes.js'
export { TidemarkError, type TidemarkErrorDetails } from './errors.js'
export type { BatchesOptions, PollOptions } from './manager/batch-stream.js'
export { ConsumerManager } from './manager/consumer-manager.js'
export { type Digest, joinDigests } from './manager/digest.js'
export type { MemoryAccount, ProcessMemory } from './manager/memory.js'
export type { HeldMemory, Phase, TokenPartition, TokenTopic } from './native.js'
export type {
  ClientEvent,
  ClientEventListener,
  LogEntry,
  Logger,
  LogLevel,
  OAuthToken,
  OAuthTokenProvider,
} from './options/callbacks.js'
export type { CaptureOptions } from './options/capture-options.js'
export type {
  ConsumerManagerOptions,
  MultiSourceOptions,
  StreamOptions,
} from './options/options.js'
export type {
  KafkaOptions,
  KafkaSourceOptions,
  OneSourceOptions,
  SegmentOptions,
  SegmentSourceOptions,
  SourceOptions,
} from './options/source-options.js'
export type { TopicOffsets, Until } from './options/until.js'
export type { PartitionOffsets } from './topics/partitions.js'
export {
  type CommittedOptions,
  type OffsetsOptions,
  SourceTopic,
  type StartOfDayOptions,
  type TopicOptions,
} from './topics/source-topic.js'
export type { WallTime } from './topics/start-of-day.js'
export {
  describeToken,
  type TokenDescription,
  type TokenSource,
} from './topics/token.js'
export type { OutOfRange, TopicStart } from './topics/topic-start.js'
