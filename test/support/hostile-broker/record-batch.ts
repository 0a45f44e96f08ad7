import { BytesWriter } from './bytes.js'
import { CODECS, type Codec } from './codec.js'
import { crc32c } from './crc32c.js'
import { encodeRecord, type HostileRecord } from './record.js'

/** Bits of a record batch's attributes beside the codec. */
export const LOG_APPEND_TIME = 1 << 3
export const TRANSACTIONAL = 1 << 4
export const CONTROL = 1 << 5
export const DELETE_HORIZON = 1 << 6

export const BATCH_TIME = 1_700_000_000_000

/** A v2 record batch. Every field may lie; what is left out is true. */
export interface HostileBatch {
  baseOffset?: bigint | number
  records?: HostileRecord[]
  /** The records section itself, in the place of `records`. Compressed all the same. */
  section?: Uint8Array
  codec?: Codec
  /** The compressed section itself; `codec` only sets the attributes. */
  compressed?: Uint8Array
  attributes?: number
  baseTimestamp?: bigint | number
  maxTimestamp?: bigint | number
  lastOffsetDelta?: number
  recordCount?: number
  producerId?: bigint | number
  leaderEpoch?: number
  magic?: number
  /** The field "batch length". */
  length?: number
  /** Added to the true length. */
  lengthOff?: number
  /** XORed to the true CRC. */
  crcOff?: number
}

export function encodeBatch(batch: HostileBatch): Buffer {
  const records = batch.records ?? []
  const { baseTimestamp = BATCH_TIME, codec = 'none' } = batch
  const section = batch.section ?? Buffer.concat(records.map(encodeRecord))
  const compressed = batch.compressed ?? CODECS[codec].compress(section)
  const checked = new BytesWriter()
    .int16((batch.attributes ?? 0) | CODECS[codec].id)
    .int32(batch.lastOffsetDelta ?? Math.max(0, records.length - 1))
    .int64(baseTimestamp)
    .int64(batch.maxTimestamp ?? largestTimestamp(BigInt(baseTimestamp), records))
    .int64(batch.producerId ?? -1)
    .int16(-1)
    .int32(-1)
    .int32(batch.recordCount ?? records.length)
    .raw(compressed)
    .finish()
  const length = batch.length ?? 4 + 1 + 4 + checked.length + (batch.lengthOff ?? 0)
  return new BytesWriter()
    .int64(batch.baseOffset ?? 0)
    .int32(length)
    .int32(batch.leaderEpoch ?? 0)
    .int8(batch.magic ?? 2)
    .int32(crc32c(checked) ^ (batch.crcOff ?? 0))
    .raw(checked)
    .finish()
}

function largestTimestamp(base: bigint, records: HostileRecord[]): bigint {
  let largest = base
  for (const { timestampDelta = 0 } of records) {
    const time = base + BigInt(timestampDelta)
    if (time > largest) largest = time
  }
  return largest
}
