import { crc32, gzipSync } from 'node:zlib'
import { BytesWriter } from './bytes.js'

export interface OldMessage {
  magic: 0 | 1
  offset: number
  value: string
  timestamp?: number
}

/** A message of the formats v0 and v1, which stood in a log each by itself. */
export function encodeOldMessage({ magic, offset, value, timestamp = 0 }: OldMessage): Buffer {
  return encode(magic, offset, 0, Buffer.from(value), timestamp)
}

/** Messages of format v1 in a gzip'ed wrapper; inside it the offsets count from 0. */
export function encodeGzippedMessages(baseOffset: number, values: string[]): Buffer {
  const inner = values.map((value, i) => encode(1, i, 0, Buffer.from(value), 0))
  return encode(1, baseOffset + values.length - 1, 1, gzipSync(Buffer.concat(inner)), 0)
}

function encode(
  magic: number,
  offset: number,
  attributes: number,
  value: Buffer,
  timestamp: number,
): Buffer {
  const checked = new BytesWriter().int8(magic).int8(attributes)
  if (magic === 1) checked.int64(timestamp)
  const body = checked.int32(-1).int32(value.length).raw(value).finish()
  return new BytesWriter()
    .int64(offset)
    .int32(4 + body.length)
    .int32(crc32(body))
    .raw(body)
    .finish()
}
