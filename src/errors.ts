import type { TidemarkErrorCode } from './error-codes.js'
import type { NativeError } from './native.js'
import { systemCodeOf } from './system-code.js'

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
