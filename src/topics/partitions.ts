import { describe } from '../describe.js'
import type { TidemarkErrorCode } from '../error-codes.js'
import { TidemarkError } from '../errors.js'

/** Offsets by partition: `{ 0: 12n, 3: 40 }`, or a Map. */
export type PartitionOffsets =
  | Readonly<Record<number, bigint | number>>
  | ReadonlyMap<number, bigint | number>

const LARGEST_PARTITION = 2 ** 31 - 1
const LARGEST_OFFSET = 2n ** 63n - 1n

/**
 * Reads the numbers of partitions.
 *
 * @param what names the value in the error
 * @throws TidemarkError with `code`
 */
export function readPartitions(
  value: unknown,
  what: string,
  code: TidemarkErrorCode,
): readonly number[] {
  if (!Array.isArray(value)) {
    throw new TidemarkError(
      code,
      `${what} must be an array of partition numbers, as [0, 3], not ${describe(value)}`,
    )
  }
  if (value.length === 0) {
    throw new TidemarkError(code, `${what} is empty; leave it out to read all partitions`)
  }
  const partitions = new Set<number>()
  for (const partition of value) {
    if (!isPartition(partition)) throw notAPartition(partition, what, code)
    if (partitions.has(partition)) {
      throw new TidemarkError(code, `${what} has partition ${partition} twice`)
    }
    partitions.add(partition)
  }
  return Object.freeze([...partitions].sort((a, b) => a - b))
}

/**
 * Reads offsets by partition.
 *
 * @param what names the value in the error
 * @throws TidemarkError with `code`
 */
export function readOffsets(
  value: unknown,
  what: string,
  code: TidemarkErrorCode,
): Readonly<Record<number, bigint>> {
  const offsets: Record<number, bigint> = {}
  const entries = entriesOf(value)
  if (!entries) {
    throw new TidemarkError(
      code,
      `${what} must be offsets by partition, as { 0: 12n, 3: 40n } or a Map, not ${describe(value)}`,
    )
  }
  for (const [key, offset] of entries) {
    const partition = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : key
    if (!isPartition(partition)) throw notAPartition(key, what, code)
    offsets[partition] = readOffset(offset, `${what}, partition ${partition}:`, code)
  }
  if (entries.length === 0) {
    throw new TidemarkError(code, `${what} is empty; give offsets, as { 0: 12n, 3: 40n }`)
  }
  return Object.freeze(offsets)
}

function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof Map) return [...value]
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord && !(value instanceof Date) ? Object.entries(value) : undefined
}

function readOffset(value: unknown, what: string, code: TidemarkErrorCode): bigint {
  const offset = Number.isSafeInteger(value) ? BigInt(value as number) : value
  if (typeof offset === 'bigint' && offset >= 0n && offset <= LARGEST_OFFSET) return offset
  const advice =
    typeof value === 'number' && value > Number.MAX_SAFE_INTEGER ? '; give a bigint' : ''
  throw new TidemarkError(
    code,
    `${what} an offset must be a bigint or an integer, 0 or more, not ${describe(value)}${advice}`,
  )
}

const isPartition = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_PARTITION

function notAPartition(value: unknown, what: string, code: TidemarkErrorCode): TidemarkError {
  return new TidemarkError(
    code,
    `${what} has ${describe(value)}, which is no partition; their numbers are 0, 1, 2 and so on`,
  )
}
