import type { Row } from './rows.js'

const WORD = 2n ** 64n
const MODULUS = 2n ** 61n - 1n
const KEYS = [
  0x243f6a8885a308d3n,
  0x13198a2e03707344n,
  0xa4093822299f31d0n,
  0x082efa98ec4e6c89n,
] as const
const BASES = [0x452821e638d01377n, 0xbe5466cf34e90c6cn]
const NULL_SIZE = 0xffffffffn

/** What docs/resume.md says of a digest, word for word. */
export function plainDigest(rows: Iterable<Row>): { rows: number; hash: string } {
  const sums = [0n, 0n]
  let count = 0
  for (const row of rows) {
    const hash = hashOf(row)
    for (const [i, base] of BASES.entries()) {
      sums[i] = ((sums[i] as bigint) * base + hash) % MODULUS
    }
    count++
  }
  return { rows: count, hash: sums.map((sum) => sum.toString(16).padStart(16, '0')).join('') }
}

function hashOf({ topic, partition, offset, timestamp, key, value }: Row): bigint {
  const name = new TextEncoder().encode(topic)
  const seed = BigInt.asUintN(
    64,
    mix(BigInt(name.length) ^ KEYS[1], BigInt(partition) ^ KEYS[2]) +
      sumOf(KEYS[0], chunksOf(name)),
  )
  const sizes = (sizeOf(key) << 32n) | sizeOf(value)
  const sum =
    mix(unsigned(offset) ^ KEYS[0], unsigned(timestamp ?? -1n) ^ seed) +
    mix(sizes ^ KEYS[1], seed ^ KEYS[2]) +
    sumOf(seed, [...chunksOf(key), ...chunksOf(value)])
  return unsigned(sum)
}

const unsigned = (number: bigint) => BigInt.asUintN(64, number)
const sizeOf = (bytes: Uint8Array | null) => (bytes === null ? NULL_SIZE : BigInt(bytes.length))

function mix(a: bigint, b: bigint): bigint {
  const product = a * b
  return (product % WORD) ^ (product / WORD)
}

/** 16 bytes each, as two words; what is missing of the last one is zeros. */
function chunksOf(bytes: Uint8Array | null): [bigint, bigint][] {
  const padded = Buffer.alloc(Math.ceil((bytes?.length ?? 0) / 16) * 16)
  padded.set(bytes ?? [])
  return Array.from({ length: padded.length / 16 }, (_, i) => [
    padded.readBigUInt64LE(16 * i),
    padded.readBigUInt64LE(16 * i + 8),
  ])
}

function sumOf(seed: bigint, chunks: [bigint, bigint][]): bigint {
  return chunks.reduce((sum, [low, high], i) => {
    const key = unsigned(KEYS[3] + BigInt(i) * KEYS[1])
    return sum + mix(low ^ key, high ^ seed)
  }, 0n)
}
