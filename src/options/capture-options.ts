import { describe } from '../describe.js'
import type { NativeCapture } from '../native.js'
import { readOptions } from '../read-options.js'
import { folder, invalidOption, readInteger } from './check.js'

/** The option `capture`: writes what is fetched as log segments. Sizes in bytes, times in ms. */
export interface CaptureOptions {
  /** A folder that is empty, or does not exist yet. */
  dir: string
  /**
   * A segment is completed before it grows larger: 64 KiB to 2 GiB. A larger record batch gets one of
   * its own. Default 256 MiB, or an eighth of `maxBytes` if that is less.
   */
  segmentBytes?: number
  /**
   * A segment is also completed at this age: 1,000 or more. A crash loses what is not in a complete
   * segment, and so does `process.exit` without `close()`. Default 600,000, ten minutes.
   */
  segmentMs?: number
  /**
   * The size of the whole capture, above which the oldest segments are removed: 128 KiB or more, and at
   * least twice `segmentBytes`. Default no limit.
   */
  maxBytes?: number
  /** Segments are removed this long after completion: 1,000 or more. Default no limit. */
  maxMs?: number
  /** How much may be fetched and not yet written: 1 MiB or more. Default 64 MiB. */
  maxQueuedBytes?: number
  /**
   * What has priority. `'event'`: the stream. It never waits; a disk that fails or is too slow ends the
   * capture with the event `captureEnded`. `'stream'`: the capture. The stream waits for a slow disk,
   * and a disk that fails ends it with `ERR_CAPTURE`. Default `'event'`.
   */
  onError?: 'event' | 'stream'
}

const KIB = 1024
const MIB = 1024 * KIB
/** Kafka counts the bytes of a segment in 31 bits. */
const LARGEST_SEGMENT = 2 ** 31 - 1
const LEAST_SEGMENT = 64 * KIB
const SHORTEST_AGE_MS = 1_000
/** A hundred years: a point in time that far ahead still has a number. */
const LONGEST_AGE_MS = 100 * 365 * 24 * 3_600_000

/** The one place for defaults. */
export const CAPTURE_DEFAULTS = Object.freeze({
  segmentBytes: 256 * MIB,
  segmentMs: 600_000,
  maxQueuedBytes: 64 * MIB,
  onError: 'event',
})

const NAMES = [
  'dir',
  'segmentBytes',
  'segmentMs',
  'maxBytes',
  'maxMs',
  'maxQueuedBytes',
  'onError',
] as const

/** @throws TidemarkError `ERR_INVALID_OPTION` */
export function checkCapture(value: unknown): NativeCapture {
  const given = readOptions('capture', value, NAMES, 'ERR_INVALID_OPTION')
  const integer = (name: (typeof NAMES)[number], fallback: number, min: number, max: number) =>
    given[name] === undefined
      ? fallback
      : readInteger(given[name], `capture.${name}`, min, max, 'ERR_INVALID_OPTION')

  const maxBytes = integer('maxBytes', 0, 2 * LEAST_SEGMENT, Number.MAX_SAFE_INTEGER)
  const usualSegment =
    maxBytes === 0
      ? CAPTURE_DEFAULTS.segmentBytes
      : Math.max(LEAST_SEGMENT, Math.min(CAPTURE_DEFAULTS.segmentBytes, Math.floor(maxBytes / 8)))
  const segmentBytes = integer('segmentBytes', usualSegment, LEAST_SEGMENT, LARGEST_SEGMENT)
  if (maxBytes !== 0 && maxBytes < 2 * segmentBytes) {
    throw invalidOption(
      `capture.maxBytes must be twice capture.segmentBytes or more, ` +
        `${(2 * segmentBytes).toLocaleString('en')}, not ${describe(maxBytes)}: the oldest segments ` +
        'are removed whole',
    )
  }
  const { segmentMs, maxQueuedBytes } = CAPTURE_DEFAULTS
  return Object.freeze({
    dir: folder('./capture')(given.dir, 'capture.dir'),
    segmentBytes,
    segmentMs: integer('segmentMs', segmentMs, SHORTEST_AGE_MS, LONGEST_AGE_MS),
    maxBytes,
    maxMs: integer('maxMs', 0, SHORTEST_AGE_MS, LONGEST_AGE_MS),
    maxQueuedBytes: integer('maxQueuedBytes', maxQueuedBytes, MIB, Number.MAX_SAFE_INTEGER),
    holdsStream: holdsStream(given.onError ?? CAPTURE_DEFAULTS.onError),
  })
}

function holdsStream(onError: unknown): boolean {
  if (onError === 'event' || onError === 'stream') return onError === 'stream'
  throw invalidOption(`capture.onError must be 'event' or 'stream', not ${describe(onError)}`)
}
