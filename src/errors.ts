import type { NativeError } from './native.js'
import { systemCodeOf } from './system-code.js'

/** Every `code` of a TidemarkError. */
export const ERROR_CODES = [
  /** The addon could not be loaded: from `import` or `require`, as a plain Error. */
  'ERR_NATIVE_ADDON',
  /** An option of `create`, or a librdkafka property in `config`, is not acceptable. */
  'ERR_INVALID_OPTION',
  /** An argument of a method is not acceptable. */
  'ERR_INVALID_ARGUMENT',
  'ERR_UNKNOWN_TOPIC',
  'ERR_NO_PARTITIONS',
  /** The brokers did not answer within `createTimeoutMs`. */
  'ERR_CREATE_TIMEOUT',
  'ERR_AUTHENTICATION',
  'ERR_AUTHORIZATION',
  /** A poll is pending already. */
  'ERR_BUSY',
  'ERR_CLOSED',
  /** A RecordBatch was read after `release`. */
  'ERR_RELEASED',
  /** `onLateRecord: 'error'` and a timestamp that steps back within its partition. */
  'ERR_LATE_RECORD',
  'ERR_CORRUPT_RECORD_BATCH',
  /** Records in the old formats v0 and v1. */
  'ERR_UNSUPPORTED_FORMAT',
  /** Retention or DeleteRecords removed the offset before it was read. */
  'ERR_OFFSET_OUT_OF_RANGE',
  /** Offsets are missing on a topic that is not compacted. */
  'ERR_OFFSET_GAP',
  'ERR_OFFSET_STEP_BACK',
  /** A new leader lacks records that were read: an unclean leader election. */
  'ERR_LOG_TRUNCATED',
  /** The topic was deleted, and another one has its name. */
  'ERR_TOPIC_RECREATED',
  'ERR_RECORD_TOO_LARGE',
  /** Nothing arrives, though the broker has more. The next poll goes on. */
  'ERR_STALLED',
  /** The broker cannot look offsets up by time. */
  'ERR_TIME_LOOKUP_UNSUPPORTED',
  /** A segment file shrank, vanished or was replaced while it was read (option `segments`). */
  'ERR_SEGMENT_CHANGED',
  /** The folder or a file of the option `segments` cannot be read. */
  'ERR_SEGMENT_UNREADABLE',
  'ERR_OUT_OF_MEMORY',
  /** The folder of a capture cannot be written: see `systemCode`. */
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

/** What a TidemarkError says beside code and message; absent where it does not apply. */
export interface TidemarkErrorDetails {
  topic?: string
  partition?: number
  offset?: bigint
  /** librdkafka's `rd_kafka_resp_err_t` */
  kafkaCode?: number
  /** The operating system's, as `'ENOSPC'` */
  systemCode?: string
  retriable?: boolean
  /** What the option `oauthToken` threw. */
  cause?: unknown
}

/** The one class of errors that tidemark raises. Tell them apart by `code`. */
export class TidemarkError extends Error {
  readonly code: TidemarkErrorCode
  declare readonly topic?: string
  declare readonly partition?: number
  declare readonly offset?: bigint
  /** librdkafka's `rd_kafka_resp_err_t` */
  declare readonly kafkaCode?: number
  /** The operating system's, as `'ENOSPC'` */
  declare readonly systemCode?: string
  /** Trying the same again may succeed. An error of the stream is final unless this is true. */
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

  /** To be called where the caller waits: native code knows what went wrong, but no stack. */
  static from(
    { code, message, systemError, ...details }: NativeError,
    why?: Pick<TidemarkErrorDetails, 'cause'>,
  ): TidemarkError {
    return new TidemarkError(code, message, { ...details, ...systemCodeOf(systemError), ...why })
  }
}
