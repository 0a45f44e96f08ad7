export type { ColumnName, ColumnsOf, RecordColumns } from './columns/columns.js'
export type { PartitionStateColumns } from './columns/partition-state.js'
export { TidemarkError, type TidemarkErrorCode, type TidemarkErrorDetails } from './errors.js'
export type { BatchesOptions, PollOptions } from './manager/batch-stream.js'
export type { ClientEvent, ClientEventListener } from './manager/client-events.js'
export { ConsumerManager } from './manager/consumer-manager.js'
export type { LogEntry, Logger, LogLevel } from './manager/logger.js'
export type { HeldMemory, MemoryAccount, ProcessMemory } from './manager/memory.js'
export type { OAuthToken, OAuthTokenProvider } from './manager/oauth-token.js'
export type { CaptureOptions } from './options/capture-options.js'
export type {
  ConsumerManagerOptions,
  MultiSourceOptions,
  StreamOptions,
} from './options/options.js'
export type {
  KafkaSourceOptions,
  OneSourceOptions,
  SegmentSourceOptions,
  SourceOptions,
} from './options/source-options.js'
export { SourceTopic, type TopicStart } from './topics/source-topic.js'
