import { describe } from '../describe.js'
import type { TidemarkErrorCode } from '../error-codes.js'
import { TidemarkError } from '../errors.js'

/** What `Date` can hold, in ms before and after the epoch. */
const DATE_RANGE_MS = 8.64e15

/**
 * Numbers that are most likely no milliseconds: in their own unit 2001 to 2286, the microseconds to
 * 2243. As milliseconds they are January to April 1970, and the year 33658 or later, which nobody
 * means; the year 9999 and the last moment of a Date, which say "never", are none of them.
 */
const OTHER_UNITS = [
  { unit: 'seconds', from: 1e9, to: 1e10, toMs: (time: number) => time * 1e3 },
  { unit: 'microseconds', from: 1e15, to: DATE_RANGE_MS, toMs: (time: number) => time / 1e3 },
  { unit: 'nanoseconds', from: 1e18, to: 1e19, toMs: (time: number) => time / 1e6 },
]

/** 'looks like seconds: …; give milliseconds (…)', or undefined where `time` may be milliseconds. */
export function otherUnit(time: number): string | undefined {
  const likely = OTHER_UNITS.find(({ from, to }) => time >= from && time < to)
  if (!likely) return undefined
  return `looks like ${likely.unit}: ${time}; give milliseconds (${Math.ceil(likely.toMs(time))})`
}

/**
 * Reads a point in time: epoch milliseconds, or a Date. A fraction of a millisecond is rounded up,
 * which keeps "at or after" exact, since Kafka's timestamps are whole.
 *
 * @param what names the value in the error
 * @throws TidemarkError with `code`: not a time, out of range, or a number of another unit
 */
export function readEpochMs(value: unknown, what: string, code: TidemarkErrorCode): number {
  const isDate = value instanceof Date
  const ms = isDate ? value.getTime() : value
  if (typeof ms !== 'number') {
    throw new TidemarkError(
      code,
      `${what} must be epoch milliseconds or a Date, as new Date('2025-01-31T09:00:00Z'), ` +
        `not ${describe(value)}`,
    )
  }
  const mistake = isDate ? undefined : otherUnit(ms)
  if (mistake) {
    const meant =
      ms < DATE_RANGE_MS ? `, or new Date(${ms}) if you mean ${new Date(ms).toISOString()}` : ''
    throw new TidemarkError(code, `${what} ${mistake}${meant}`)
  }
  if (!(Math.abs(ms) <= DATE_RANGE_MS)) {
    throw new TidemarkError(
      code,
      `${what} is not a time that a Date can hold: ${isDate ? 'Invalid Date' : ms}; ` +
        'give epoch milliseconds or a Date',
    )
  }
  return Math.ceil(ms)
}
