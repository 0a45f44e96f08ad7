import { describe } from './describe.js'
import { TidemarkError, type TidemarkErrorCode } from './errors.js'

/** What `Date` can hold, in ms before and after the epoch. */
const DATE_RANGE_MS = 8.64e15

/** As seconds: 2001 to 2286. As milliseconds: January to April 1970, which nobody means. */
const LIKELY_SECONDS = { from: 1e9, to: 1e10 }

/**
 * Reads a point in time: epoch milliseconds, or a Date. A fraction of a millisecond is rounded up,
 * which keeps "at or after" exact, since Kafka's timestamps are whole.
 *
 * @param what names the value in the error
 * @throws TidemarkError with `code`: not a time, out of range, or a number that looks like seconds
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
  if (!(Math.abs(ms) <= DATE_RANGE_MS)) {
    throw new TidemarkError(
      code,
      `${what} is not a time that a Date can hold: ${isDate ? 'Invalid Date' : ms}; ` +
        'give epoch milliseconds or a Date',
    )
  }
  if (!isDate && ms >= LIKELY_SECONDS.from && ms < LIKELY_SECONDS.to) {
    throw new TidemarkError(
      code,
      `${what} looks like seconds: ${ms}; give milliseconds (${ms * 1000}), ` +
        `or new Date(${ms}) if you mean ${new Date(ms).toISOString()}`,
    )
  }
  return Math.ceil(ms)
}
