import { deflateRawSync, gzipSync } from 'node:zlib'
import { BytesWriter } from './bytes.js'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | 'unknown'

/** By hand where node:zlib has no codec: in literal blocks, which every decompressor must read. */
export const CODECS: Record<Codec, { id: number; compress(bytes: Uint8Array): Uint8Array }> = {
  none: { id: 0, compress: (bytes) => bytes },
  gzip: { id: 1, compress: (bytes) => gzipSync(bytes) },
  snappy: { id: 2, compress: (bytes) => snappy(bytes.length, literals(bytes)) },
  lz4: { id: 3, compress: lz4Stored },
  zstd: { id: 4, compress: zstdRaw },
  unknown: { id: 7, compress: (bytes) => bytes },
}

const BLOCK = 64 * 1024
const MIB = 1024 * 1024

/** What inflates to one record whose value has about `size` zero bytes. */
export const BOMBS: Record<'gzip' | 'snappy' | 'snappyJava' | 'lz4' | 'zstd', BombMaker> = {
  gzip(size) {
    const flushed = (bytes: Buffer) => deflateRawSync(bytes, { finishFlush: 3 /* Z_FULL_FLUSH */ })
    const header = Buffer.from('1f8b0800000000000003', 'hex')
    const blocks = repeat(flushed(Buffer.alloc(MIB)), size / MIB)
    const trailer = new BytesWriter().int16(0x0300).int64(0).finish()
    return Buffer.concat([header, flushed(recordHead(size)), blocks, trailer])
  },
  snappy(size) {
    const head = recordHead(size)
    return snappy(head.length + size, [...literals(head), zero(), copies(size - 1)])
  },
  // The framing of Java's library: its own header, then blocks with their length before them.
  snappyJava(size) {
    const framed = (block: Buffer) => new BytesWriter().int32(block.length).raw(block).finish()
    const head = recordHead(size)
    const header = Buffer.from('82534e41505059000000000100000001', 'hex')
    const block = framed(snappy(MIB, [zero(), copies(MIB - 1)]))
    const first = framed(snappy(head.length, literals(head)))
    return Buffer.concat([header, first, repeat(block, size / MIB)])
  },
  lz4(size) {
    // A zero, a match at distance 1 as long as the block but for the last five bytes, five zeros.
    const extended = BLOCK - 1 - 5 - 19
    const block = Buffer.concat([
      Buffer.of(0x1f, 0, 1, 0),
      Buffer.alloc(Math.floor(extended / 255), 255),
      Buffer.of(extended % 255, 0x50, 0, 0, 0, 0, 0),
    ])
    const framed = Buffer.concat([int32LE(block.length), block])
    return lz4Frame(Buffer.concat([lz4Blocks(recordHead(size)), repeat(framed, size / BLOCK)]))
  },
  // Blocks of one repeated byte. The frame tells no size, as Java writes it.
  zstd(size) {
    const blocks = repeat(zstdBlock(1, BLOCK, Buffer.of(0)), size / BLOCK)
    return zstdFrame(Buffer.concat([zstdBlocks(recordHead(size)), blocks]))
  },
}

/** Of a record without key and headers; the last of the `size` zeros behind it is their count. */
function recordHead(size: number): Buffer {
  const head = new BytesWriter()
    .int8(0)
    .varint(0)
    .varint(0)
    .varint(-1)
    .varint(size - 1)
    .finish()
  return Buffer.concat([new BytesWriter().varint(head.length + size).finish(), head])
}

type BombMaker = (size: number) => Buffer

/** Frames that name a dictionary, which nothing in them needs. */
export const WITH_DICTIONARY: Record<'lz4' | 'zstd', (bytes: Uint8Array) => Buffer> = {
  lz4: (bytes) => lz4Frame(lz4Blocks(bytes), '04224d18614001000000d0'),
  zstd: (bytes) => zstdFrame(zstdBlocks(bytes), '28b52ffd013801'),
}

/** Its header asks for a window of 32 MiB. */
export const widelyWindowed = (bytes: Uint8Array) => zstdFrame(zstdBlocks(bytes), '28b52ffd0078')

function repeat(bytes: Buffer, times: number): Buffer {
  return Buffer.alloc(bytes.length * Math.ceil(times), bytes)
}

function blocksOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / BLOCK)
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * BLOCK, (i + 1) * BLOCK))
}

function int32LE(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

// --- snappy: https://github.com/google/snappy/blob/main/format_description.txt

/** `size` is what the preamble claims. */
export function snappy(size: number, elements: Uint8Array[]): Buffer {
  return Buffer.concat([new BytesWriter().uvarint(size).finish(), ...elements])
}

function literals(bytes: Uint8Array): Uint8Array[] {
  return blocksOf(bytes).map((block) => {
    const size = block.length - 1
    return Buffer.concat([Buffer.of(61 << 2, size & 0xff, size >> 8), block])
  })
}

function zero(): Buffer {
  return Buffer.of(0, 0)
}

/** Copies of the byte before, 64 at a time. */
function copies(size: number): Buffer {
  const rest = size % 64
  const copy = (length: number) => Buffer.of(((length - 1) << 2) | 2, 1, 0)
  const whole = repeat(copy(64), Math.floor(size / 64))
  return rest === 0 ? whole : Buffer.concat([whole, copy(rest)])
}

// --- lz4: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md

/** Independent blocks of 64 KiB at most, no checksums, no content size. */
function lz4Frame(blocks: Buffer, header = '04224d18604082'): Buffer {
  return Buffer.concat([Buffer.from(header, 'hex'), blocks, int32LE(0)])
}

function lz4Stored(bytes: Uint8Array): Buffer {
  return lz4Frame(lz4Blocks(bytes))
}

function lz4Blocks(bytes: Uint8Array): Buffer {
  return Buffer.concat(
    blocksOf(bytes).flatMap((block) => [int32LE(0x80000000 | block.length), Buffer.from(block)]),
  )
}

// --- zstd: RFC 8878

/** A window of 128 KiB, no content size, no checksum; closed by an empty last block. */
function zstdFrame(blocks: Buffer, header = '28b52ffd0038'): Buffer {
  return Buffer.concat([Buffer.from(header, 'hex'), blocks, Buffer.of(1, 0, 0)])
}

function zstdBlock(type: 0 | 1, size: number, content: Uint8Array): Buffer {
  return Buffer.concat([int32LE((size << 3) | (type << 1)).subarray(0, 3), content])
}

function zstdRaw(bytes: Uint8Array): Buffer {
  return zstdFrame(zstdBlocks(bytes))
}

function zstdBlocks(bytes: Uint8Array): Buffer {
  return Buffer.concat(blocksOf(bytes).map((block) => zstdBlock(0, block.length, block)))
}
