import type { NativeClientEvent, NativeError } from '../native.js'
import type { ClientEvent } from '../options/callbacks.js'
import { systemCodeOf } from '../system-code.js'

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
