import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import type { NativeOffset, NativeTopic } from '../native.js'
import { readEpochMs } from './epoch-time.js'
import { instantOf, type WallTime } from './start-of-day.js'

/** What becomes of an offset that the log does not have, or not any more. */
export type OutOfRange = 'fail' | 'earliest' | 'latest'

/** Where the replay of a topic starts, in each of its partitions. Times in milliseconds. */
export type TopicStart =
  | { readonly at: 'earliest' }
  | { readonly at: 'latest' }
  | { readonly at: 'absoluteTime'; readonly epochMs: number }
  | { readonly at: 'relativeTime'; readonly msAgo: number }
  | { readonly at: 'startOfDay'; readonly wallTime: WallTime }
  | {
      readonly at: 'offsets'
      readonly offsets: Readonly<Record<number, bigint>>
      /** undefined: there are none */
      readonly others: 'earliest' | 'latest' | undefined
      readonly outOfRange: OutOfRange
    }
  | {
      readonly at: 'committed'
      readonly group: string
      /** epoch ms where it is a number */
      readonly otherwise: 'earliest' | 'latest' | 'fail' | number
      readonly outOfRange: OutOfRange
    }

/** @throws TidemarkError `ERR_INVALID_ARGUMENT` */
export function readStartTime(value: unknown, what: string): number {
  const epochMs = readEpochMs(value, what, 'ERR_INVALID_ARGUMENT')
  if (epochMs >= 0) return epochMs
  throw invalid(
    `${what} lies before 1970: ${epochMs}; Kafka looks up no such time, use ` +
      'SourceTopic.fromEarliest',
  )
}

/** @throws TidemarkError `ERR_INVALID_ARGUMENT` */
export function readOneOf<const Value extends string>(
  value: unknown,
  what: string,
  allowed: readonly Value[],
): Value {
  if (allowed.includes(value as Value)) return value as Value
  const list = allowed.map((one) => `'${one}'`)
  throw invalid(
    `${what} must be ${list.slice(0, -1).join(', ')} or ${list.at(-1)}, not ${describe(value)}`,
  )
}

type NativeStart = Pick<
  NativeTopic,
  'start' | 'timestampMs' | 'startOffsets' | 'group' | 'outOfRange'
>

/** @param nowMs epoch ms that a relative start counts from */
export function toNativeStart(start: TopicStart, nowMs: number): NativeStart {
  const none = {
    ...{ timestampMs: 0, startOffsets: [], group: '' },
    outOfRange: 'fail',
  } as const
  const atTime = (timestampMs: number): NativeStart => ({
    ...none,
    start: 'timestamp',
    timestampMs,
  })
  switch (start.at) {
    case 'absoluteTime':
      return atTime(start.epochMs)
    case 'relativeTime':
      // Rounded up, as a point in time is: Kafka's timestamps are whole.
      return atTime(Math.ceil(nowMs - start.msAgo))
    case 'startOfDay':
      return atTime(instantOf(start.wallTime, nowMs))
    case 'offsets': {
      const { offsets, others = 'none', outOfRange } = start
      return { ...none, start: others, startOffsets: toNativeOffsets(offsets), outOfRange }
    }
    case 'committed': {
      const { group, otherwise, outOfRange } = start
      const others = typeof otherwise === 'number' ? atTime(otherwise) : startOf(otherwise)
      return { ...none, ...others, group, outOfRange }
    }
    default:
      return { ...none, start: start.at }
  }
}

const startOf = (otherwise: 'earliest' | 'latest' | 'fail') => ({
  start: otherwise === 'fail' ? ('none' as const) : otherwise,
})

export function toNativeOffsets(offsets: Readonly<Record<number, bigint>>): NativeOffset[] {
  return Object.entries(offsets).map(([partition, offset]) => ({
    partition: Number(partition),
    offset,
  }))
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_ARGUMENT', message)
}
