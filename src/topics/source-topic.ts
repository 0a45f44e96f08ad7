import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import type { NativeTopic } from '../native.js'
import { readOptions } from '../read-options.js'
import { type PartitionOffsets, readOffsets, readPartitions } from './partitions.js'
import { readWallTime } from './start-of-day.js'
import {
  type OutOfRange,
  readOneOf,
  readStartTime,
  type TopicStart,
  toNativeOffsets,
  toNativeStart,
} from './topic-start.js'

/** Options of every factory. */
export interface TopicOptions {
  /** The numbers of the only partitions to read; those that are added later are not. Default all. */
  partitions?: readonly number[]
}

/** Options of `fromOffsets`. */
export interface OffsetsOptions extends TopicOptions {
  /** Where the partitions start that have no offset. Default: there must not be any. */
  others?: 'earliest' | 'latest'
  /**
   * What becomes of an offset that the log does not have, or not any more: `'fail'`, or another start.
   * Default `'fail'`, with `ERR_OFFSET_OUT_OF_RANGE`.
   */
  outOfRange?: OutOfRange
}

/** Options of `fromCommitted`. */
export interface CommittedOptions extends TopicOptions {
  /** The consumer group that has committed. It is not joined. */
  group: string
  /**
   * Where the partitions start that the group has no commit for: `'fail'` refuses them with
   * `ERR_MISSING_OFFSET`; a time is epoch milliseconds or a Date.
   */
  otherwise: 'earliest' | 'latest' | 'fail' | number | Date
  /** As in `fromOffsets`. Default `'fail'`. */
  outOfRange?: OutOfRange
}

/** Options of `fromStartOfDay`. */
export interface StartOfDayOptions extends TopicOptions {
  /** An IANA time zone, such as `'Europe/Berlin'` or `'UTC'`. */
  timeZone: string
  /** `'HH:MM'` or `'HH:MM:SS'`. Default `'00:00'`. */
  at?: string
  /** Days of the calendar before the last one: 0 to 20,000. Default 0. */
  daysAgo?: number
}

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
  /** The only ones that are read; undefined: all. */
  readonly partitions: readonly number[] | undefined

  private constructor(
    proof: typeof FROM_FACTORY,
    name: string,
    start: TopicStart,
    partitions: readonly number[] | undefined,
  ) {
    if (proof !== FROM_FACTORY) {
      throw invalid('SourceTopic has no public constructor: use SourceTopic.fromEarliest(name)')
    }
    this.name = name
    this.start = Object.freeze(start)
    this.partitions = partitions
    Object.defineProperty(this, BRAND, { value: true })
    Object.freeze(this)
  }

  /** Starts at the first record that is still in the log. */
  static fromEarliest(name: string, options: TopicOptions = {}): SourceTopic {
    const { partitions } = read('fromEarliest', name, options, [])
    return new SourceTopic(FROM_FACTORY, name, { at: 'earliest' }, partitions)
  }

  /** Starts at the end: nothing is replayed, the topic is live at once. */
  static fromLatest(name: string, options: TopicOptions = {}): SourceTopic {
    const { partitions } = read('fromLatest', name, options, [])
    return new SourceTopic(FROM_FACTORY, name, { at: 'latest' }, partitions)
  }

  /**
   * Starts at the first record whose timestamp is at or after now - `msAgo`, or at the end if there is
   * none. Now is the moment of `ConsumerManager.create`.
   *
   * @param msAgo milliseconds, 0 or more. 30 years or more are refused: they are most likely a point
   *   in time
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`
   */
  static fromRelativeTime(name: string, msAgo: number, options: TopicOptions = {}): SourceTopic {
    const { partitions } = read('fromRelativeTime', name, options, [])
    if (typeof msAgo !== 'number' || !(msAgo >= 0)) {
      throw invalid(
        `msAgo must be a number of milliseconds, 0 or more, not ${describe(msAgo)}; ${OTHER_STARTS}`,
      )
    }
    if (msAgo >= LIKELY_EPOCH_MS) {
      throw invalid(`msAgo is 30 years or more: ${msAgo}; ${OTHER_STARTS}`)
    }
    return new SourceTopic(FROM_FACTORY, name, { at: 'relativeTime', msAgo }, partitions)
  }

  /**
   * Starts at the first record whose timestamp is at or after `time`, or at the end if there is none.
   *
   * @param time epoch milliseconds or a Date, from 1970 on. A number that is most likely in seconds
   *   (1e9 to 1e10), microseconds (1e15 to 8.64e15) or nanoseconds (1e18 to 1e19) is refused; a Date
   *   is always taken as meant
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`
   */
  static fromAbsoluteTime(
    name: string,
    time: number | Date,
    options: TopicOptions = {},
  ): SourceTopic {
    const { partitions } = read('fromAbsoluteTime', name, options, [])
    const epochMs = readStartTime(time, 'the start time')
    return new SourceTopic(FROM_FACTORY, name, { at: 'absoluteTime', epochMs }, partitions)
  }

  /**
   * Starts at the first record from the last instant on at which the clocks of a time zone showed a time
   * of the day, up to the moment of `ConsumerManager.create`; or at the end if there is none. A time that
   * the clocks leave out is the first instant after the gap, one that they show twice the first of the
   * two.
   *
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`
   */
  static fromStartOfDay(name: string, options: StartOfDayOptions): SourceTopic {
    const names = ['timeZone', 'at', 'daysAgo'] as const
    const { partitions, given } = read('fromStartOfDay', name, options, names)
    const { timeZone, at = '00:00', daysAgo = 0 } = given
    const wallTime = readWallTime(timeZone, at, daysAgo)
    return new SourceTopic(FROM_FACTORY, name, { at: 'startOfDay', wallTime }, partitions)
  }

  /**
   * Starts each partition at an offset.
   *
   * @param offsets by partition, as `{ 0: 12n, 3: 40n }` or a Map; bigints or integers
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`
   */
  static fromOffsets(
    name: string,
    offsets: PartitionOffsets,
    options: OffsetsOptions = {},
  ): SourceTopic {
    const { partitions, given } = read('fromOffsets', name, options, ['others', 'outOfRange'])
    const starts = readOffsets(offsets, 'offsets', 'ERR_INVALID_ARGUMENT')
    const unread = Object.keys(starts).find(
      (partition) => partitions && !partitions.includes(Number(partition)),
    )
    if (unread !== undefined) {
      throw invalid(`offsets has partition ${unread}, which partitions leaves out`)
    }
    const start: TopicStart = {
      at: 'offsets',
      offsets: starts,
      others:
        given.others === undefined
          ? undefined
          : readOneOf(given.others, 'others', ['earliest', 'latest']),
      outOfRange: readOutOfRange(given.outOfRange),
    }
    return new SourceTopic(FROM_FACTORY, name, start, partitions)
  }

  /**
   * Starts each partition at the offset that a consumer group has committed. The group is not joined,
   * and nothing is committed.
   *
   * @throws TidemarkError `ERR_INVALID_ARGUMENT`
   */
  static fromCommitted(name: string, options: CommittedOptions): SourceTopic {
    const names = ['group', 'otherwise', 'outOfRange'] as const
    const { partitions, given } = read('fromCommitted', name, options, names)
    const { group } = given
    if (typeof group !== 'string' || group === '' || group.includes('\0')) {
      throw invalid(`group must be the name of a consumer group, as 'etl', not ${describe(group)}`)
    }
    const start: TopicStart = {
      at: 'committed',
      group,
      otherwise: readOtherwise(given.otherwise),
      outOfRange: readOutOfRange(given.outOfRange),
    }
    return new SourceTopic(FROM_FACTORY, name, start, partitions)
  }
}

/** What all factories take. @throws TidemarkError `ERR_INVALID_ARGUMENT` */
function read<Name extends string>(
  factory: string,
  name: unknown,
  options: unknown,
  names: readonly Name[],
) {
  checkTopicName(name)
  const what = `SourceTopic.${factory}`
  const given = readOptions(what, options, ['partitions', ...names], 'ERR_INVALID_ARGUMENT')
  const partitions =
    given.partitions === undefined
      ? undefined
      : readPartitions(given.partitions, 'partitions', 'ERR_INVALID_ARGUMENT')
  return { partitions, given: given as { [_ in Name]?: unknown } }
}

const readOutOfRange = (value: unknown = 'fail') =>
  readOneOf(value, 'outOfRange', ['fail', 'earliest', 'latest'])

function readOtherwise(value: unknown): 'earliest' | 'latest' | 'fail' | number {
  if (typeof value === 'number' || value instanceof Date) return readStartTime(value, 'otherwise')
  if (value !== undefined) return readOneOf(value, 'otherwise', ['earliest', 'latest', 'fail'])
  throw invalid(
    "otherwise says where the partitions start that the group has no commit for: 'earliest', " +
      "'latest', a time, or 'fail' to refuse them; it has no default, since each loses or repeats " +
      'something when commits have expired',
  )
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

/**
 * @param nowMs epoch ms that a relative start counts from
 * @param endOffsets where the replay ends, by partition
 */
export function toNativeTopic(
  { name, start, partitions = [] }: SourceTopic,
  nowMs: number,
  endOffsets: Readonly<Record<number, bigint>> = {},
): NativeTopic {
  return {
    name,
    ...toNativeStart(start, nowMs),
    partitions: partitions.map((partition) => ({ partition })),
    endOffsets: toNativeOffsets(endOffsets),
  }
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_ARGUMENT', message)
}
