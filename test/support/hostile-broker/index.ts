export { HostileBroker } from './broker.js'
export { BytesWriter } from './bytes.js'
export {
  BOMBS,
  CODECS,
  type Codec,
  snappy,
  WITH_DICTIONARY,
  widelyWindowed,
} from './codec.js'
export { ErrorCode } from './error-code.js'
export type { FetchedLog, HostileLog } from './log.js'
export { encodeGzippedMessages, encodeOldMessage } from './old-message.js'
export { encodeRecord, type HostileRecord } from './record.js'
export {
  BATCH_TIME,
  CONTROL,
  DELETE_HORIZON,
  encodeBatch,
  type HostileBatch,
  LOG_APPEND_TIME,
  TRANSACTIONAL,
} from './record-batch.js'
export type { HostileTopic } from './topic.js'
export { transactionMarker } from './transaction-marker.js'
