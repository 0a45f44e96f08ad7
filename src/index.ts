export type { BatchesOptions, PollOptions } from './batch-stream.js'
export type { CaptureOptions } from './capture-options.js'
export type { ClientEvent, ClientEventListener } from './client-events.js'
export type { ColumnName, ColumnsOf, RecordColumns } from './columns.js'
export { ConsumerManager } from './consumer-manager.js'
export { TidemarkError, type TidemarkErrorCode, type TidemarkErrorDetails } from './errors.js'
export type { LogEntry, Logger, LogLevel } from './logger.js'
export type { OAuthToken, OAuthTokenProvider } from './oauth-token.js'
export type { ConsumerManagerOptions, MultiSourceOptions, StreamOptions } from './options.js'
export type { PartitionStateColumns } from './partition-state.js'
export type {
  KafkaSourceOptions,
  OneSourceOptions,
  SegmentSourceOptions,
  SourceOptions,
} from './source-options.js'
export { SourceTopic, type TopicStart } from './source-topic.js'
