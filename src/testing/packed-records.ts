import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import { suggestion } from '../suggestion.js'

/** A string is written as UTF-8. */
export type Bytes = string | Uint8Array

/** Names and values, as an object or as a list of pairs, which may have a name twice. */
export type RecordHeaders = Readonly<Record<string, Bytes | null>> | readonly RecordHeader[]
type RecordHeader = readonly [name: string, value: Bytes | null]

/** A record to be sent. */
export interface ProducerRecord {
  topic: string
  /** Left out: by the hash of the key, or at random without a key. */
  partition?: number | undefined
  /**
   * Epoch milliseconds, an integer or a bigint, or a Date. Left out: the time of sending. Null: none.
   * 0 is refused, because librdkafka would write the time of sending.
   */
  timestamp?: number | bigint | Date | null | undefined
  key?: Bytes | null | undefined
  /** Null or left out: a tombstone. */
  value?: Bytes | null | undefined
  headers?: RecordHeaders | undefined
}

const PROPERTIES: ReadonlySet<string> = new Set<keyof ProducerRecord>([
  ...(['topic', 'partition', 'timestamp', 'key', 'value', 'headers'] as const),
])

/** Topic, partition, timestamp, key size, value size, headers: see packed_record.h. */
const FIXED_BYTES = 28
const HEADER_FIXED_BYTES = 8
const FIRST_CAPACITY = 4096
const NULL_SIZE = -1
const ANY_PARTITION = -1
const LARGEST_PARTITION = 2 ** 31 - 1
const NO_TIMESTAMP = -1
const CLOCK = 0
const TWO_TO_32 = 2 ** 32
/** In UTF-8, of one UTF-16 code unit. */
const MOST_BYTES_A_UNIT = 3

/**
 * Records as bytes (twin of PackedRecord in native/test_kit/packed_record.h): a call of native code
 * for each property of each record would cost more than all the rest of sending it.
 */
export class PackedRecords {
  readonly #numberOf: (topic: string) => number
  #bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  #view = viewOf(this.#bytes)
  #size = 0
  #count = 0

  /** @param numberOf the number that native code knows a topic by; throws for a wrong name */
  constructor(numberOf: (topic: string) => number) {
    this.#numberOf = numberOf
  }

  get count(): number {
    return this.#count
  }

  get byteLength(): number {
    return this.#size
  }

  /** Valid until the next `add` or `clear`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }

  clear(): void {
    this.#size = 0
    this.#count = 0
  }

  /** @throws TidemarkError `ERR_INVALID_ARGUMENT`, and nothing was added */
  add(record: ProducerRecord): void {
    if (typeof record !== 'object' || record === null) {
      throw invalid(`a record must be an object, { topic, … }, not ${describe(record)}`)
    }
    for (const name in record) {
      if (!PROPERTIES.has(name)) throw unknownProperty(name)
    }
    const start = this.#size
    const { partition, key, value } = record
    this.#reserve(FIXED_BYTES)
    this.#view.setUint32(start, this.#numberOf(record.topic), true)
    this.#view.setInt32(start + 4, checkPartition(partition), true)
    this.#putTimestamp(start + 8, record.timestamp)
    // Not counted until it is complete, so that a record that is refused leaves nothing behind.
    let position = start + FIXED_BYTES
    const headers = headersOf(record.headers)
    this.#view.setUint32(start + 24, headers.length, true)
    position = this.#putBytes('key', key, start + 16, position)
    position = this.#putBytes('value', value, start + 20, position)
    for (const [name, headerValue] of headers) {
      const sizes = position
      this.#reserveAt(sizes, HEADER_FIXED_BYTES)
      position = this.#putBytes("a header's name", name, sizes, sizes + HEADER_FIXED_BYTES)
      position = this.#putBytes(`header '${name}'`, headerValue, sizes + 4, position)
    }
    this.#size = position
    this.#count++
  }

  #putTimestamp(position: number, timestamp: ProducerRecord['timestamp']): void {
    if (typeof timestamp === 'bigint') {
      if (timestamp !== BigInt.asIntN(64, timestamp)) throw invalidTimestamp(timestamp)
      if (timestamp === 0n) throw invalidTimestamp(0)
      this.#view.setBigInt64(position, timestamp, true)
      return
    }
    const ms = timestampOf(timestamp)
    const high = Math.floor(ms / TWO_TO_32)
    this.#view.setUint32(position, ms - high * TWO_TO_32, true)
    this.#view.setInt32(position + 4, high, true)
  }

  /** Writes the size at `sizeAt` and the bytes at `position`; returns the position after them. */
  #putBytes(
    what: string,
    bytes: Bytes | null | undefined,
    sizeAt: number,
    position: number,
  ): number {
    let size: number
    if (typeof bytes === 'string') {
      this.#reserveAt(position, bytes.length * MOST_BYTES_A_UNIT)
      size = this.#bytes.write(bytes, position)
    } else if (bytes === null || bytes === undefined) {
      this.#view.setInt32(sizeAt, NULL_SIZE, true)
      return position
    } else if (bytes instanceof Uint8Array) {
      size = bytes.byteLength
      this.#reserveAt(position, size)
      this.#bytes.set(bytes, position)
    } else {
      throw invalid(`${what} must be a string, a Uint8Array or null, not ${describe(bytes)}`)
    }
    this.#view.setInt32(sizeAt, size, true)
    return position + size
  }

  #reserve(bytes: number): void {
    this.#reserveAt(this.#size, bytes)
  }

  #reserveAt(position: number, bytes: number): void {
    if (position + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(position + bytes, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, position)
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

/** Left alone it would be lost: a misspelt `value` would make a tombstone. */
function unknownProperty(name: string): TidemarkError {
  const meant = suggestion(name, PROPERTIES) || `; it takes { ${[...PROPERTIES].join(', ')} }`
  return invalid(`a record has no property '${name}'${meant}`)
}

function checkPartition(partition: unknown): number {
  if (partition === undefined) return ANY_PARTITION
  if (
    typeof partition === 'number' &&
    Number.isInteger(partition) &&
    partition >= 0 &&
    partition <= LARGEST_PARTITION
  ) {
    return partition
  }
  throw invalid(`partition must be an integer, 0 or more, not ${describe(partition)}`)
}

function timestampOf(timestamp: unknown): number {
  if (timestamp === undefined) return CLOCK
  if (timestamp === null) return NO_TIMESTAMP
  const ms = timestamp instanceof Date ? timestamp.getTime() : timestamp
  if (typeof ms !== 'number' || !Number.isSafeInteger(ms) || ms === 0) throw invalidTimestamp(ms)
  return ms
}

function invalidTimestamp(timestamp: unknown): TidemarkError {
  return invalid(
    timestamp === 0
      ? 'timestamp 0 cannot be sent, librdkafka would write the present time: give another one, ' +
          'or leave it out if the present time is meant'
      : 'timestamp must be epoch milliseconds as an integer, a bigint of 64 bits or a Date, or ' +
          `null for none, not ${describe(timestamp)}`,
  )
}

const NO_HEADERS: readonly RecordHeader[] = []

function headersOf(headers: unknown): readonly RecordHeader[] {
  if (headers === undefined) return NO_HEADERS
  if (typeof headers !== 'object' || headers === null) {
    throw invalid(`headers must be an object or a list of pairs, not ${describe(headers)}`)
  }
  if (!Array.isArray(headers)) return Object.entries(headers)
  for (const header of headers) {
    if (!Array.isArray(header) || header.length !== 2 || typeof header[0] !== 'string') {
      throw invalid(`each of the headers must be a pair [name, value], not ${describe(header)}`)
    }
  }
  return headers
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_ARGUMENT', message)
}
