import { createHash } from 'node:crypto'
import type { RecordBatch } from 'apache-arrow'
import type { RecordColumns } from '../../src/index.js'

/** A record as it was read, or as it stands in the log. */
export interface Row {
  topic: string
  partition: number
  offset: bigint
  timestamp: bigint | null
  key: Uint8Array | null
  value: Uint8Array | null
}

/** The rows of a batch; bytes are copied, so that it may be released. */
export function rowsOf(batch: RecordBatch<RecordColumns>): Row[] {
  const topic = batch.getChild('topic')
  const partition = batch.getChild('partition')
  const key = batch.getChild('key')
  const value = batch.getChild('value')
  const offsets = batch.getChild('offset')?.toArray()
  // Not by get(), which makes numbers of timestamps.
  const timestamp = batch.getChild('timestamp')
  const timestamps = timestamp?.toArray()
  return Array.from({ length: batch.numRows }, (_, i) => ({
    topic: topic?.get(i) as string,
    partition: partition?.get(i) as number,
    offset: offsets?.[i] as bigint,
    timestamp: timestamp?.isValid(i) ? (timestamps?.[i] as bigint) : null,
    key: copyOf(key?.get(i)),
    value: copyOf(value?.get(i)),
  }))
}

/** SHA-256 over (topic, partition, offset, timestamp, key, value) of rows in their order. */
export class RowDigest {
  readonly #hash = createHash('sha256')

  add({ topic, partition, offset, timestamp, key, value }: Row): this {
    this.#hash.update(
      `${topic} ${partition} ${offset} ${timestamp} ${key?.length} ${value?.length}\n`,
    )
    if (key) this.#hash.update(key)
    if (value) this.#hash.update(value)
    return this
  }

  toString(): string {
    return this.#hash.copy().digest('hex')
  }
}

export function digestOf(rows: Iterable<Row>): string {
  const digest = new RowDigest()
  for (const row of rows) digest.add(row)
  return digest.toString()
}

/** For messages: which record, and when. */
export function nameOf({ topic, partition, offset, timestamp }: Row): string {
  return `${topic}-${partition}@${offset} (${timestamp})`
}

function copyOf(bytes: Uint8Array | null | undefined): Uint8Array | null {
  return bytes ? new Uint8Array(bytes) : null
}
