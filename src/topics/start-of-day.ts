import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'

/** A wall time of a time zone. */
export interface WallTime {
  /** An IANA name, such as `'Europe/Berlin'` */
  readonly timeZone: string
  /** `'HH:MM'` or `'HH:MM:SS'` */
  readonly at: string
  /** Whole days of the calendar before the last one. */
  readonly daysAgo: number
}

const DAY_MS = 86_400_000
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/
// Brokers look no time up before 1970.
const MOST_DAYS = 20_000

/** @throws TidemarkError `ERR_INVALID_ARGUMENT` */
export function readWallTime(timeZone: unknown, at: unknown, daysAgo: unknown): WallTime {
  if (typeof timeZone !== 'string' || !isTimeZone(timeZone)) {
    throw invalid(
      `timeZone must be an IANA time zone, as 'Europe/Berlin' or 'UTC', not ${describe(timeZone)}`,
    )
  }
  if (typeof at !== 'string' || !TIME_OF_DAY.test(at)) {
    throw invalid(`at must be a time of the day, as '09:00' or '17:30:15', not ${describe(at)}`)
  }
  const isCount = Number.isInteger(daysAgo) && (daysAgo as number) >= 0
  if (!isCount || (daysAgo as number) > MOST_DAYS) {
    throw invalid(`daysAgo must be an integer from 0 to ${MOST_DAYS}, not ${describe(daysAgo)}`)
  }
  return Object.freeze({ timeZone, at, daysAgo: daysAgo as number })
}

/**
 * The last instant up to `nowMs` at which the clocks of the zone showed the time, so many days of the
 * calendar before. A time that they leave out is the first instant behind the gap; one that they show
 * twice is the first of the two.
 *
 * @returns epoch ms
 */
export function instantOf({ timeZone, at, daysAgo }: WallTime, nowMs: number): number {
  const clock = new ZoneClock(timeZone)
  const [hours = 0, minutes = 0, seconds = 0] = at.split(':').map(Number)
  const timeMs = ((hours * 60 + minutes) * 60 + seconds) * 1_000
  const today = Math.floor(clock.wallOf(nowMs) / DAY_MS) * DAY_MS
  const isOver = clock.firstInstantOf(today + timeMs) <= nowMs
  const day = today - (isOver ? daysAgo : daysAgo + 1) * DAY_MS
  return clock.firstInstantOf(day + timeMs)
}

/** The clocks of a zone. What they show, a wall time, is in ms as if it were UTC. */
class ZoneClock {
  readonly #format: Intl.DateTimeFormat

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
  }

  wallOf(instant: number): number {
    const fields: Record<string, number> = {}
    for (const { type, value } of this.#format.formatToParts(instant)) fields[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields
    const ms = ((instant % 1_000) + 1_000) % 1_000
    return Date.UTC(year, month - 1, day, hour, minute, second, ms)
  }

  /** At which they show `wall` or, where they leave it out, a later time. */
  firstInstantOf(wall: number): number {
    // No zone is further from UTC than a day, and none changes twice within the days around.
    let [before, behind] = [wall - DAY_MS, wall + DAY_MS]
    const offset = this.#offsetAt(before)
    const next = this.#offsetAt(behind)
    if (offset === next) return wall - offset
    while (behind - before > 1) {
      const middle = Math.floor((before + behind) / 2)
      if (this.#offsetAt(middle) === offset) before = middle
      else behind = middle
    }
    const unchanged = wall - offset
    return unchanged < behind ? unchanged : Math.max(behind, wall - next)
  }

  #offsetAt(instant: number): number {
    return this.wallOf(instant) - instant
  }
}

/** Newer versions of Node also take offsets, such as '+02:00': they are no zone, and have no name. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_ARGUMENT', message)
}
