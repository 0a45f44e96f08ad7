import type { NativeClientEvent, NativeError } from '../native.js'
import type { ClientEvent } from '../options/callbacks.js'
import { systemCodeOf } from '../system-code.js'

export function eventOfClient(event: NativeClientEvent): ClientEvent {
  const { systemError, ...others } = event
  return { ...others, ...systemCodeOf(systemError) } as ClientEvent
}

type Stall = NativeError & Required<Pick<NativeError, 'topic' | 'partition' | 'offset'>>

/** Native code always says where (native/engine/stall.h). */
export const isStall = (error: NativeError): error is Stall => error.code === 'ERR_STALLED'

export function eventOfStall(stall: Stall): Extract<ClientEvent, { type: 'stalled' }> {
  const { source, topic, partition, offset, message, kafkaCode } = stall
  return {
    type: 'stalled',
    ...(source === undefined ? {} : { source }),
    topic,
    partition,
    offset,
    message,
    ...(kafkaCode === undefined ? {} : { kafkaCode }),
  }
}
