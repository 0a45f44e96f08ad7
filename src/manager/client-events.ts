import type { TidemarkErrorCode } from '../errors.js'
import type { NativeClientEvent, NativeError } from '../native.js'
import { systemCodeOf } from '../system-code.js'

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

/** Who tells of it. A test holds those of native code against its list, native/source/client_event.h. */
export const TOLD_BY = {
  brokerUp: 'native',
  brokerDown: 'native',
  allBrokersDown: 'native',
  throttled: 'native',
  error: 'native',
  partitionError: 'native',
  partitionAdded: 'native',
  captureEnded: 'native',
  eventsDropped: 'native',
  tokenRefreshed: 'facade',
  tokenFailed: 'facade',
  stalled: 'facade',
} as const satisfies Record<ClientEvent['type'], 'native' | 'facade'>

type ToldBy = typeof TOLD_BY
export type NativeClientEventType = {
  [Type in keyof ToldBy]: ToldBy[Type] extends 'native' ? Type : never
}[keyof ToldBy]

/** Called on the event loop, also while nobody polls. What it throws is an uncaught exception. */
export type ClientEventListener = (event: ClientEvent) => void

export function eventOfClient(event: NativeClientEvent): ClientEvent {
  const { systemError, ...others } = event
  return { ...others, ...systemCodeOf(systemError) } as ClientEvent
}

export function eventOfStall({
  source,
  topic,
  partition,
  offset,
  message,
  kafkaCode,
}: NativeError) {
  return {
    type: 'stalled',
    ...(source === undefined ? {} : { source }),
    topic,
    partition,
    offset,
    message,
    ...(kafkaCode === undefined ? {} : { kafkaCode }),
  } as ClientEvent
}
