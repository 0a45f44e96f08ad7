import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import type { NativeTopic } from '../native.js'
import { readEpochMs } from './epoch-time.js'

/** Where the replay of a topic starts, in each of its partitions. Times in milliseconds. */
export type TopicStart =
  | { readonly at: 'earliest' }
  | { readonly at: 'latest' }
  | { readonly at: 'absoluteTime'; readonly epochMs: number }
  | { readonly at: 'relativeTime'; readonly msAgo: number }

/** Kafka's own rule; it keeps names to ASCII, so sorting them as strings is sorting their bytes. */
const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/

/** Of a time span: 30 years. As epoch ms it is a point in time after 1999. */
const LIKELY_EPOCH_MS = 946_080_000_000

const OTHER_STARTS =
  'for a point in time use SourceTopic.fromAbsoluteTime, to read all SourceTopic.fromEarliest'

/** Proves that `new SourceTopic` is called from here. */
const FROM_FACTORY = Symbol('from a factory of SourceTopic')

/** The same in the ESM and the CommonJS build, which one process may load both. */
const BRAND = Symbol.for('tidemark.SourceTopic')

/**
 * A topic to read, and where to start in each of its partitions. Immutable; one can serve several
 * managers.
 *
 * Every factory throws a TidemarkError `ERR_INVALID_ARGUMENT` for a name that Kafka does not allow.
 */
export class SourceTopic {
  readonly name: string
  readonly start: TopicStart

  private constructor(proof: typeof FROM_FACTORY, name: string, start: TopicStart) {
    if (proof !== FROM_FACTORY) {
      throw invalid('SourceTopic has no public constructor: use SourceTopic.fromEarliest(name)')
    }
    checkTopicName(name)
    this.name = name
    this.start = Object.freeze(start)
    Object.defineProperty(this, BRAND, { value: true })
    Object.freeze(this)
  }

  /** Starts at the first record that is still in the log. */
  static fromEarliest(name: string): SourceTopic {
    return new SourceTopic(FROM_FACTORY, name, { at: 'earliest' })
  }

  /** Starts at the end: nothing is replayed, the topic is live at once. */
  static fromLatest(name: string): SourceTopic {
    return new SourceTopic(FROM_FACTORY, name, { at: 'latest' })
  }

  /**
   * Starts at the first offset whose timestamp is at or after now - `msAgo`, or at the end if there is
   * none. Now is the moment of `ConsumerManager.create`.
   *
   * @param msAgo milliseconds, 0 or more. 30 years or more are refused: they are most likely a point
   *   in time
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`
   */
  static fromRelativeTime(name: string, msAgo: number): SourceTopic {
    if (typeof msAgo !== 'number' || !(msAgo >= 0)) {
      throw invalid(
        `msAgo must be a number of milliseconds, 0 or more, not ${describe(msAgo)}; ${OTHER_STARTS}`,
      )
    }
    if (msAgo >= LIKELY_EPOCH_MS) {
      throw invalid(`msAgo is 30 years or more: ${msAgo}; ${OTHER_STARTS}`)
    }
    return new SourceTopic(FROM_FACTORY, name, { at: 'relativeTime', msAgo })
  }

  /**
   * Starts at the first offset whose timestamp is at or after `time`, or at the end if there is none.
   *
   * @param time epoch milliseconds or a Date, from 1970 on. A number that is most likely in seconds
   *   (1e9 to 1e10), microseconds (1e15 to 8.64e15) or nanoseconds (1e18 to 1e19) is refused; a Date
   *   is always taken as meant
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`
   */
  static fromAbsoluteTime(name: string, time: number | Date): SourceTopic {
    const epochMs = readEpochMs(time, 'the start time', 'ERR_INVALID_ARGUMENT')
    if (epochMs < 0) {
      throw invalid(
        `the start time lies before 1970: ${epochMs}; Kafka looks up no such time, use ` +
          'SourceTopic.fromEarliest',
      )
    }
    return new SourceTopic(FROM_FACTORY, name, { at: 'absoluteTime', epochMs })
  }
}

/** @throws TidemarkError `ERR_INVALID_ARGUMENT` for a name that Kafka does not allow */
export function checkTopicName(name: unknown): asserts name is string {
  if (typeof name !== 'string') {
    throw invalid(`a topic's name must be a string, not ${describe(name)}`)
  }
  if (!TOPIC_NAME.test(name) || name === '.' || name === '..') {
    throw invalid(
      `${describe(name)} is not a topic name: Kafka allows 1 to 249 letters, digits, '.', '_' ` +
        "and '-', but not '.' or '..' alone",
    )
  }
}

export function isSourceTopic(value: unknown): value is SourceTopic {
  return typeof value === 'object' && value !== null && BRAND in value
}

/** @param nowMs epoch ms that a relative start counts from */
export function toNativeTopic({ name, start }: SourceTopic, nowMs: number): NativeTopic {
  switch (start.at) {
    case 'absoluteTime':
      return { name, start: 'timestamp', timestampMs: start.epochMs }
    case 'relativeTime':
      // Rounded up, as a point in time is: Kafka's timestamps are whole.
      return { name, start: 'timestamp', timestampMs: Math.ceil(nowMs - start.msAgo) }
    default:
      return { name, start: start.at, timestampMs: 0 }
  }
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_ARGUMENT', message)
}
