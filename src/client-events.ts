import type { TidemarkErrorCode } from './errors.js'
import type { NativeClientEvent, NativeError } from './native.js'
import { systemCodeOf } from './system-code.js'

/**
 * What happens beside the records, as it happens. None of these ends the stream: what does, is what
 * `poll` rejects with. `broker` is 'host:port', `kafkaCode` librdkafka's error number.
 */
export type ClientEvent =
  /** A connection to a broker is there. */
  | { type: 'brokerUp'; broker: string; brokerId: number }
  /** A connection was lost, or could not be made for the first time. It is tried again. */
  | { type: 'brokerDown'; broker: string; brokerId: number }
  | { type: 'allBrokersDown'; kafkaCode: number; message: string }
  /** A broker keeps its answers back because of a quota; 0 ms: no longer. */
  | { type: 'throttled'; broker: string; brokerId?: number; throttleMs: number }
  /** A fault of the client, such as a connection that is refused. */
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
  /** A topic has a new partition, which is read from `offset` on, its beginning; in live only. */
  | { type: 'partitionAdded'; topic: string; partition: number; offset: bigint }
  /**
   * The option `capture` writes no more, and why: `code` is that of the error which it would be with
   * `onError: 'stream'`, `systemCode` the operating system's, as `'ENOSPC'`, where it has one.
   */
  | { type: 'captureEnded'; code: TidemarkErrorCode; message: string; systemCode?: string }
  /** The event loop was blocked for so long that 10,000 events waited; so many came after them. */
  | { type: 'eventsDropped'; count: number }
  /** The brokers will be given a new token of the option `oauthToken`. */
  | { type: 'tokenRefreshed'; lifetimeMs: number }
  /** `oauthToken` failed or its token was refused; it is asked again. */
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

/** Called from the event loop. What it throws becomes an uncaught exception. */
export type ClientEventListener = (event: ClientEvent) => void

export function eventOfClient(event: NativeClientEvent): ClientEvent {
  const { systemError, ...others } = event
  return { ...others, ...systemCodeOf(systemError) } as ClientEvent
}

export function eventOfStall({ topic, partition, offset, message, kafkaCode }: NativeError) {
  return {
    type: 'stalled',
    topic,
    partition,
    offset,
    message,
    ...(kafkaCode === undefined ? {} : { kafkaCode }),
  } as ClientEvent
}
