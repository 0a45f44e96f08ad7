import { resolve } from 'node:path'
import { invalidOption, readInteger, readOptions } from './check.js'
import { describe } from './describe.js'
import type { NativeCapture } from './native.js'

/** What the option `capture` takes. Sizes in bytes, times in ms. */
export interface CaptureOptions {
  /** A folder that is empty, or not there yet. */
  dir: string
  /**
   * A segment is complete before it would be larger: 64 KiB to 2 GiB. A record batch that is larger has
   * one of its own. Default 256 MiB, or an eighth of `maxBytes` where that is less.
   */
  segmentBytes?: number
  /**
   * A segment is complete at this age, too: 1,000 or more. What a crash loses of a capture is what
   * is in no complete segment; to `process.exit` without `close()` it is as to a crash. Default 600,000, ten minutes.
   */
  segmentMs?: number
  /** Above it the oldest segments are removed: 128 KiB or more, and twice `segmentBytes`. Default none. */
  maxBytes?: number
  /** Segments that have been complete for so long are removed: 1,000 or more. Default none. */
  maxMs?: number
  /** What may have been fetched and not been written yet: 1 MiB or more. Default 64 MiB. */
  maxQueuedBytes?: number
  /**
   * What comes first. `'event'`: the stream. It never waits; a fault of the disk, or one that is too
   * slow, ends the capture with the event `captureEnded`. `'stream'`: the capture. The stream waits for
   * a slow disk, and a fault ends it with `ERR_CAPTURE`. Default `'event'`.
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
    dir: folder(given.dir),
    segmentBytes,
    segmentMs: integer('segmentMs', segmentMs, SHORTEST_AGE_MS, LONGEST_AGE_MS),
    maxBytes,
    maxMs: integer('maxMs', 0, SHORTEST_AGE_MS, LONGEST_AGE_MS),
    maxQueuedBytes: integer('maxQueuedBytes', maxQueuedBytes, MIB, Number.MAX_SAFE_INTEGER),
    holdsStream: holdsStream(given.onError ?? CAPTURE_DEFAULTS.onError),
  })
}

function folder(dir: unknown): string {
  if (typeof dir === 'string' && dir !== '' && !dir.includes('\0')) {
    // Now: the process may be somewhere else when it is written.
    return resolve(dir)
  }
  throw invalidOption(
    `capture.dir must be the path of a folder, as './capture', not ${describe(dir)}`,
  )
}

function holdsStream(onError: unknown): boolean {
  if (onError === 'event' || onError === 'stream') return onError === 'stream'
  throw invalidOption(`capture.onError must be 'event' or 'stream', not ${describe(onError)}`)
}
