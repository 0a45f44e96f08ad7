import type { NativeError } from './native.js'
import { systemCodeOf } from './system-code.js'

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
  /** A RecordBatch was read after `release`. */
  'ERR_RELEASED',
  /** A timestamp stepped back within its partition, with `onLateRecord: 'error'`. */
  'ERR_LATE_RECORD',
  /** A checksum or a length is wrong. */
  'ERR_CORRUPT_RECORD_BATCH',
  /** Records in the old formats v0 and v1, or an unknown codec. */
  'ERR_UNSUPPORTED_FORMAT',
  /** Retention or DeleteRecords removed the offset before it was read. */
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
  'ERR_CAPTURE_TOO_SLOW',
  /** A capture was closed before it was complete. */
  'ERR_CAPTURE_NOT_FINISHED',
  /** Any other fault that a broker or librdkafka reports: see `kafkaCode`. */
  'ERR_KAFKA',
] as const

export type TidemarkErrorCode = (typeof ERROR_CODES)[number]

/** What a TidemarkError has in addition to code and message; absent if it does not apply. */
export interface TidemarkErrorDetails {
  /** The name of one of the `sources`. */
  source?: string
  topic?: string
  partition?: number
  offset?: bigint
  /** librdkafka's `rd_kafka_resp_err_t` */
  kafkaCode?: number
  /** The operating system's, as `'ENOSPC'` */
  systemCode?: string
  retriable?: boolean
  /** What the option `oauthToken` threw; may hold secrets. */
  cause?: unknown
}

/**
 * The one class of errors. Tell them apart by `code`: a process that loads tidemark by both `import` and
 * `require` has the class twice.
 */
export class TidemarkError extends Error {
  readonly code: TidemarkErrorCode
  /** The name of the source that it is of; absent without the option `sources`. */
  declare readonly source?: string
  declare readonly topic?: string
  declare readonly partition?: number
  declare readonly offset?: bigint
  /** librdkafka's `rd_kafka_resp_err_t` */
  declare readonly kafkaCode?: number
  /** The operating system's, such as `'ENOSPC'` */
  declare readonly systemCode?: string
  /** The same call may succeed later. An error of the stream is final unless this is true. */
  readonly retriable: boolean

  constructor(code: TidemarkErrorCode, message: string, details: TidemarkErrorDetails = {}) {
    const { cause, retriable = false, ...where } = details
    super(message, 'cause' in details ? { cause } : undefined)
    this.code = code
    this.retriable = retriable
    for (const [name, value] of Object.entries(where)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true })
    }
  }

  override get name(): string {
    return 'TidemarkError'
  }

  /** @internal To be called where the caller waits: native code has no stack of it. */
  static from(
    { code, message, systemError, ...details }: NativeError,
    why?: Pick<TidemarkErrorDetails, 'cause'>,
  ): TidemarkError {
    return new TidemarkError(code, message, { ...details, ...systemCodeOf(systemError), ...why })
  }
}
