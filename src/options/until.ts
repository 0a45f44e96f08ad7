import { describe } from '../describe.js'
import { readEpochMs } from '../topics/epoch-time.js'
import { type PartitionOffsets, readOffsets } from '../topics/partitions.js'
import { invalidOption } from './check.js'

/** Offsets by topic and partition: `{ trades: { 0: 120n, 1: 80n } }`. */
export type TopicOffsets = Readonly<Record<string, PartitionOffsets>>

/**
 * Where a stream ends. Offsets are by topic and partition; with `sources` first by the name of the
 * source.
 */
export type Until = 'now' | number | Date | TopicOffsets | Readonly<Record<string, TopicOffsets>>

/** After the check, but for offsets, which each source looks at. */
export type CheckedUntil =
  | { readonly at: 'now' }
  | { readonly at: 'time'; readonly epochMs: number }
  | { readonly at: 'offsets'; readonly offsets: Readonly<Record<string, unknown>> }

const EXAMPLE = "'now', a time that is past, or offsets, as { trades: { 0: 120n, 1: 80n } }"

/** @throws TidemarkError `ERR_INVALID_OPTION` */
export function checkUntil(value: unknown, name: string, nowMs = Date.now()): CheckedUntil {
  if (value === 'now') return { at: 'now' }
  if (typeof value === 'number' || value instanceof Date) {
    const epochMs = readEpochMs(value, name, 'ERR_INVALID_OPTION')
    if (epochMs <= nowMs) return { at: 'time', epochMs }
    throw invalidOption(
      `${name} lies in the future: ${new Date(epochMs).toISOString()}. No log says that no older ` +
        "record will come, so that such a stream could not end; use 'now' or a time that is past, " +
        'or leave until out and stop reading yourself',
    )
  }
  return { at: 'offsets', offsets: readRecord(value, name, EXAMPLE) }
}

/**
 * Reads the offsets of a source's topics.
 *
 * @throws TidemarkError `ERR_INVALID_OPTION`: malformed, or not one for each of the topics
 */
export function readEndOffsets(
  value: unknown,
  name: string,
  topics: readonly string[],
): ReadonlyMap<string, Readonly<Record<number, bigint>>> {
  const offsets = readRecord(value, name, 'offsets by topic, as { trades: { 0: 120n } }')
  const unknown = Object.keys(offsets).find((topic) => !topics.includes(topic))
  if (unknown !== undefined) {
    throw invalidOption(
      `${name} has ${describe(unknown)}, which is no topic of this source; it reads ` +
        topics.map((topic) => `'${topic}'`).join(', '),
    )
  }
  return new Map(
    topics.map((topic) => {
      if (offsets[topic] === undefined) {
        throw invalidOption(`${name} has no offsets for topic '${topic}'; give one a partition`)
      }
      return [topic, readOffsets(offsets[topic], `${name}.${topic}`, 'ERR_INVALID_OPTION')]
    }),
  )
}

function readRecord(
  value: unknown,
  name: string,
  wanted: string,
): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (isRecord && !(value instanceof Map)) return { ...value }
  throw invalidOption(`${name} must be ${wanted}, not ${describe(value)}`)
}
