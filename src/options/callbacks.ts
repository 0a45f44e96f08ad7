/** What the options `onEvent`, `logger` and `oauthToken` are called with, and return. */
import type { TidemarkErrorCode } from '../error-codes.js'

/**
 * An event of the option `onEvent`. None of these ends the stream: an error that does is what `poll`
 * rejects with. `broker` is 'host:port', `kafkaCode` librdkafka's error number, times are in ms.
 * `source` is the name of the source that it is of, with the option `sources`.
 */
export type ClientEvent = { source?: string } & EventOfType

type EventOfType =
  /** A connection to a broker was made. */
  | { type: 'brokerUp'; broker: string; brokerId: number }
  /** A connection was lost, or could not be made for the first time. It will be tried again. */
  | { type: 'brokerDown'; broker: string; brokerId: number }
  /** No broker is connected. */
  | { type: 'allBrokersDown'; kafkaCode: number; message: string }
  /** A quota: the broker reads no request of this client for so long; 0: no longer. */
  | { type: 'throttled'; broker: string; brokerId?: number; throttleMs: number }
  /** A fault of the client, such as a refused connection. */
  | { type: 'error'; kafkaCode: number; message: string; broker?: string; brokerId?: number }
  /** A fault in reading one partition that heals by itself, such as a leader that moved. */
  | {
      type: 'partitionError'
      topic: string
      partition: number
      offset: bigint
      kafkaCode: number
      message: string
    }
  /** A topic has a new partition. It joins in live, and is read from `offset`, its beginning. */
  | { type: 'partitionAdded'; topic: string; partition: number; offset: bigint }
  /**
   * The capture has stopped: the disk fails or is too slow. The stream continues. `code` is that of the
   * error with `onError: 'stream'`, `systemCode` the operating system's, such as `'ENOSPC'`.
   */
  | { type: 'captureEnded'; code: TidemarkErrorCode; message: string; systemCode?: string }
  /** The event loop was blocked while 10,000 events waited; the `count` newest are lost. */
  | { type: 'eventsDropped'; count: number }
  /** The brokers get a new token of the option `oauthToken`. */
  | { type: 'tokenRefreshed'; lifetimeMs: number }
  /** `oauthToken` threw, or its token was refused; it will be called again. */
  | { type: 'tokenFailed'; message: string }
  /** A poll rejects with `ERR_STALLED`. */
  | {
      type: 'stalled'
      topic: string
      partition: number
      offset: bigint
      message: string
      kafkaCode?: number
    }

/** Called on the event loop, also while nobody polls. What it throws is an uncaught exception. */
export type ClientEventListener = (event: ClientEvent) => void

/** The names of console methods: `logger: ({ level, message }) => console[level](message)`. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** A log line of librdkafka. The properties `debug` and `log_level` select which. */
export interface LogEntry {
  level: LogLevel
  /** The part of librdkafka that wrote it, such as 'FAIL' or 'FETCH'. */
  facility: string
  /** Secrets of `config` are masked. */
  message: string
  /** The name of the source that it is of; absent without the option `sources`. */
  source?: string
}

/** Called on the event loop, also while nobody polls. What it throws is an uncaught exception. */
export type Logger = (entry: LogEntry) => void

/** What the option `oauthToken` returns, for SASL OAUTHBEARER. */
export interface OAuthToken {
  /** The token itself, usually a JWT. Not empty. */
  token: string
  /** When the token expires, in epoch milliseconds. The next one is requested after 80 % of the time. */
  lifetimeMs: number
  /** The Kafka principal, if the broker does not take it from the token. */
  principal?: string | undefined
}

/**
 * Called whenever a token is needed, also while nobody polls. If it throws or rejects it is called
 * again later; what it threw is the `cause` of errors that follow, and quoted nowhere.
 */
export type OAuthTokenProvider = () => Promise<OAuthToken> | OAuthToken
