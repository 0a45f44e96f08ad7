import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import { type NativeToken, native, type TokenTopic } from '../native.js'

/** What a token says, for eyes. */
export interface TokenDescription {
  version: number
  /** Which part of the stream its next row is of. */
  phase: 'replay' | 'live'
  isolationLevel: 'read_committed' | 'read_uncommitted'
  onLateRecord: 'count' | 'error'
  /** The option `cutoffMs`, of a replay; null: none. */
  cutoffMs: number | null
  sources: TokenSource[]
}

export interface TokenSource {
  /** Empty without the option `sources`. */
  name: string
  /** Null: not known, as of log segments. */
  clusterId: string | null
  topics: TokenTopic[]
}

/**
 * What a token says: see {@link TokenDescription}. For logs and for eyes; how a token is written may
 * change, with its version.
 *
 * @param token as `manager.token()` returned it
 * @throws TidemarkError `ERR_INVALID_ARGUMENT` for what is no string, `ERR_TOKEN_DAMAGED`,
 *   `ERR_TOKEN_TOO_NEW`
 */
export function describeToken(token: string): TokenDescription {
  if (typeof token !== 'string') {
    throw new TidemarkError(
      'ERR_INVALID_ARGUMENT',
      `describeToken takes a token, the string that token() returns, not ${describe(token)}`,
    )
  }
  const { isLive, readCommitted, failOnLateRecord, cutoff, sources } = readToken(token)
  return {
    version: Number(token.slice('tm'.length, token.indexOf('.'))),
    phase: isLive ? 'live' : 'replay',
    isolationLevel: readCommitted ? 'read_committed' : 'read_uncommitted',
    onLateRecord: failOnLateRecord ? 'error' : 'count',
    cutoffMs: cutoff === null ? null : Number(cutoff),
    sources: sources.map(({ clusterId, ...source }) => ({
      ...source,
      clusterId: clusterId === '' ? null : clusterId,
    })),
  }
}

/**
 * @param what comes before the message of an error
 * @throws TidemarkError `ERR_TOKEN_DAMAGED`, `ERR_TOKEN_TOO_NEW`
 */
export function readToken(token: string, what = ''): NativeToken {
  const read = native.readToken(token)
  if (!('code' in read)) return read
  throw TidemarkError.from({ ...read, message: what + read.message })
}
