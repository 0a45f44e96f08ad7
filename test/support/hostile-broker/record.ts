import { BytesWriter } from './bytes.js'

export interface HostileRecord {
  /** Default: its place in the record batch. */
  offsetDelta?: bigint | number
  /** Default 0: the time of the batch. */
  timestampDelta?: bigint | number
  key?: Uint8Array | string | null
  value?: Uint8Array | string | null
  headers?: [string, string | null][]
  /** What is written in the place of the true number. */
  lies?: {
    length?: bigint | number
    keyLength?: bigint | number
    valueLength?: bigint | number
    headerCount?: bigint | number
    headerKeyLength?: bigint | number
    headerValueLength?: bigint | number
  }
}

/** One record of format v2. */
export function encodeRecord(record: HostileRecord, place: number): Buffer {
  const { lies = {}, headers = [] } = record
  const body = new BytesWriter().int8(0)
  body.varint(record.timestampDelta ?? 0).varint(record.offsetDelta ?? place)
  writeBytes(body, record.key ?? null, lies.keyLength)
  writeBytes(body, record.value ?? null, lies.valueLength)
  body.varint(lies.headerCount ?? headers.length)
  for (const [name, value] of headers) {
    writeBytes(body, name, lies.headerKeyLength)
    writeBytes(body, value, lies.headerValueLength)
  }
  const bytes = body.finish()
  return new BytesWriter()
    .varint(lies.length ?? bytes.length)
    .raw(bytes)
    .finish()
}

function writeBytes(
  to: BytesWriter,
  content: Uint8Array | string | null,
  lie: bigint | number | undefined,
): void {
  const bytes = content === null ? null : Buffer.from(content)
  to.varint(lie ?? (bytes ? bytes.length : -1))
  if (bytes) to.raw(bytes)
}
