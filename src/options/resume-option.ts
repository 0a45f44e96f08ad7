import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import type { NativeSource, NativeToken } from '../native.js'
import { readToken } from '../topics/token.js'
import type { Check } from './check.js'

/** The token of the option `resume`: the string, and what it says. */
export interface Resume {
  readonly text: string
  readonly token: NativeToken
}

/** What a token has to agree with. */
export interface ResumedOptions {
  readonly isolationLevel: 'read_committed' | 'read_uncommitted'
  readonly onLateRecord: 'count' | 'error'
  /** epoch ms; undefined: not given */
  readonly cutoffMs: number | undefined
  readonly sources: readonly NativeSource[]
}

/** @throws TidemarkError `ERR_INVALID_OPTION`, `ERR_TOKEN_DAMAGED`, `ERR_TOKEN_TOO_NEW` */
export const resumeOption: Check<Resume> = (value, name) => {
  if (typeof value === 'string') return { text: value, token: readToken(value, `${name}: `) }
  throw new TidemarkError(
    'ERR_INVALID_OPTION',
    `${name} must be a token, the string that token() returned, not ${describe(value)}; leave it ` +
      'out to start where the topics say',
  )
}

/**
 * What can be told without asking anybody. The brokers are asked for the rest.
 *
 * @throws TidemarkError `ERR_TOKEN_MISMATCH`
 */
export function checkResume({ token }: Resume, options: ResumedOptions): void {
  const isolationLevel = token.readCommitted ? 'read_committed' : 'read_uncommitted'
  if (isolationLevel !== options.isolationLevel) {
    throw mismatch(
      `the token is of a stream with isolationLevel: '${isolationLevel}', and this one has ` +
        `'${options.isolationLevel}', which has other rows; give '${isolationLevel}'`,
    )
  }
  // The other way round is what ERR_LATE_RECORD advises, and has the same rows.
  if (!token.failOnLateRecord && options.onLateRecord === 'error') {
    throw mismatch(
      "the token is of a stream with onLateRecord: 'count', which may have released late records; " +
        "give 'count'",
    )
  }
  checkCutoff(token, options.cutoffMs)
  for (const source of token.sources) checkSource(source, options.sources)
}

/**
 * Of the stream that goes on: that of its replay, if that is not over. What a live stream missed is
 * replayed to its end: with the option that the stream had before, nothing would be, since all of it
 * lies past that cutoff.
 *
 * @param ends the stream ends there: `until` is a time
 */
export function resumedCutoff(
  { token }: Resume,
  cutoffMs: number | undefined,
  ends: boolean,
): number | undefined {
  if (token.isLive) return ends ? cutoffMs : undefined
  return token.cutoff === null ? undefined : Number(token.cutoff)
}

function checkCutoff({ isLive, cutoff }: NativeToken, cutoffMs: number | undefined): void {
  if (isLive || cutoffMs === undefined || (cutoff !== null && Number(cutoff) === cutoffMs)) return
  throw mismatch(
    `the token is of a replay ${cutoff === null ? 'without cutoffMs' : `with cutoffMs: ${cutoff}`}, ` +
      `and this one has ${cutoffMs}; leave it out: a replay ends where it was going to`,
  )
}

function checkSource(
  { name, topics }: NativeToken['sources'][number],
  sources: readonly NativeSource[],
): void {
  const source = sources.find((each) => each.name === name)
  if (!source) {
    throw mismatch(
      name === ''
        ? 'the token is of a stream without sources; give config or segments, and topics, as it had'
        : `the token is of a stream with the source ${describe(name)}, which sources does not have; ` +
            'give each the name that it had',
    )
  }
  const names = new Set(source.topics.map((topic) => topic.name))
  const missing = topics.find((topic) => !names.has(topic.name))
  if (!missing) return
  const where = name === '' ? 'topics' : `the topics of source ${describe(name)}`
  throw mismatch(
    `the token goes on in the topic '${missing.name}', which ${where} lacks; give it, with any start: ` +
      'the token wins',
    { topic: missing.name, ...(name === '' ? {} : { source: name }) },
  )
}

function mismatch(message: string, place: { topic?: string; source?: string } = {}): TidemarkError {
  return new TidemarkError('ERR_TOKEN_MISMATCH', `resume: ${message}`, place)
}
