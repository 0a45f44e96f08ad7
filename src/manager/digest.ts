import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import type { NativeEngine } from '../native.js'

/** What rows add up to: see `digest()`. */
export interface Digest {
  readonly rows: number
  /** 32 hexadecimal digits. */
  readonly hash: string
}

const MODULUS = 2n ** 61n - 1n
/** As in native/merge/row_digest.h. */
const BASES = [0x452821e638d01377n % MODULUS, 0xbe5466cf34e90c6cn % MODULUS] as const
const DIGITS = 16

export function toDigest({ rows, first, second }: ReturnType<NativeEngine['digest']>): Digest {
  const hash = [first, second].map((sum) => sum.toString(16).padStart(DIGITS, '0')).join('')
  return Object.freeze({ rows, hash })
}

/**
 * The digest of rows that were read in parts, such as before and after a crash: the same as that of a
 * stream that reads all of them.
 *
 * @param digests of the parts, in the order of their rows
 * @throws TidemarkError `ERR_INVALID_ARGUMENT` for what is no array of digests
 */
export function joinDigests(digests: readonly Digest[]): Digest {
  if (!Array.isArray(digests)) {
    throw invalid(`joinDigests takes an array of digests, not ${describe(digests)}`)
  }
  const parts = Array.from(digests, (digest, index) => read(digest, `digests[${index}]`))
  let rows = 0
  let [first, second] = [0n, 0n]
  for (const part of parts) {
    rows += part.rows
    first = (first * power(BASES[0], part.rows) + part.first) % MODULUS
    second = (second * power(BASES[1], part.rows) + part.second) % MODULUS
  }
  if (!Number.isSafeInteger(rows)) throw invalid('joinDigests: more than 2^53 rows in all')
  return toDigest({ rows, first, second })
}

function read(digest: unknown, what: string): ReturnType<NativeEngine['digest']> {
  const { rows, hash } = (digest ?? {}) as { rows?: unknown; hash?: unknown }
  if (
    typeof rows === 'number' &&
    Number.isSafeInteger(rows) &&
    rows >= 0 &&
    typeof hash === 'string' &&
    /^[0-9a-f]{32}$/.test(hash)
  ) {
    const first = BigInt(`0x${hash.slice(0, DIGITS)}`)
    const second = BigInt(`0x${hash.slice(DIGITS)}`)
    const isOne = first < MODULUS && second < MODULUS && (rows > 0 || first + second === 0n)
    if (isOne) return { rows, first, second }
  }
  throw invalid(
    `${what} must be a digest, { rows, hash } as digest() returned it, not ${describe(digest)}`,
  )
}

function power(base: bigint, exponent: number): bigint {
  let result = 1n
  let square = base
  for (let left = BigInt(exponent); left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % MODULUS
    square = (square * square) % MODULUS
  }
  return result
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_ARGUMENT', message)
}
