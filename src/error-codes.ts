/** Every `code` of a TidemarkError. */
export const ERROR_CODES = [
  /** The addon could not be loaded; a plain Error, from `import` or `require`. */
  'ERR_NATIVE_ADDON',
  /** An option of `create`, or a librdkafka property in `config`, is not valid. */
  'ERR_INVALID_OPTION',
  /** An argument of any other method is not valid. */
  'ERR_INVALID_ARGUMENT',
  /** The topic does not exist, or no longer. */
  'ERR_UNKNOWN_TOPIC',
  /** The topic has no partitions. */
  'ERR_NO_PARTITIONS',
  /** The topic does not have a partition that is named. */
  'ERR_UNKNOWN_PARTITION',
  /** Nothing says at which offset a partition starts, or ends. */
  'ERR_MISSING_OFFSET',
  /** The brokers did not answer within `createTimeoutMs`. */
  'ERR_CREATE_TIMEOUT',
  /** The brokers refuse the password, the token or the certificate. */
  'ERR_AUTHENTICATION',
  /** The brokers do not allow this client to read the topic. */
  'ERR_AUTHORIZATION',
  /** A poll is already pending. */
  'ERR_BUSY',
  /** The manager, or the producer, is closed. */
  'ERR_CLOSED',
  /** The stream has ended, as the option `until` says; from `poll`. */
  'ERR_ENDED',
  /** A RecordBatch was read after `release`. */
  'ERR_RELEASED',
  /** A timestamp stepped back within its partition, with `onLateRecord: 'error'`. */
  'ERR_LATE_RECORD',
  /** A checksum or a length is wrong. */
  'ERR_CORRUPT_RECORD_BATCH',
  /** Records in the old formats v0 and v1, of an unknown codec, or compressed with a dictionary. */
  'ERR_UNSUPPORTED_FORMAT',
  /** Retention or DeleteRecords removed the offset before it was read, or the log does not reach it. */
  'ERR_OFFSET_OUT_OF_RANGE',
  /** Offsets are missing on a topic that is not compacted. */
  'ERR_OFFSET_GAP',
  /** Offsets come twice. */
  'ERR_OFFSET_STEP_BACK',
  /** An unclean leader election lost records that were read. */
  'ERR_LOG_TRUNCATED',
  /** The topic was deleted, and another one has its name. */
  'ERR_TOPIC_RECREATED',
  /** A record batch is larger than `receive.message.max.bytes`, as it is or decompressed. */
  'ERR_RECORD_TOO_LARGE',
  /** No data although there is more. Not final: the next poll continues. */
  'ERR_STALLED',
  /** The brokers cannot look up offsets by time. */
  'ERR_TIME_LOOKUP_UNSUPPORTED',
  /** A segment file shrank, vanished or was replaced while it was read (option `segments`). */
  'ERR_SEGMENT_CHANGED',
  /** The folder or a file of the option `segments` cannot be read. */
  'ERR_SEGMENT_UNREADABLE',
  /** No memory for a batch, or no thread. */
  'ERR_OUT_OF_MEMORY',
  /** The folder of the option `capture` cannot be written: see `systemCode`. */
  'ERR_CAPTURE',
  /** The folder of a capture has something in it, or another capture writes to it. */
  'ERR_CAPTURE_IN_USE',
  /** The disk of a capture is slower than the stream; in the event `captureEnded`. */
  'ERR_CAPTURE_TOO_SLOW',
  /** A capture was closed before it was complete; in the event `captureEnded`. */
  'ERR_CAPTURE_NOT_FINISHED',
  /** The string is no token, or not as `token()` returned it. */
  'ERR_TOKEN_DAMAGED',
  /** A newer version of tidemark wrote the token. */
  'ERR_TOKEN_TOO_NEW',
  /** The token is of another stream: other topics, brokers or options. */
  'ERR_TOKEN_MISMATCH',
  /** Any other fault that a broker or librdkafka reports: see `kafkaCode`. */
  'ERR_KAFKA',
] as const

export type TidemarkErrorCode = (typeof ERROR_CODES)[number]
