import { describeType } from '../describe.js'
import type { NativeEngine } from '../native.js'
import type { ClientEvent, OAuthToken, OAuthTokenProvider } from '../options/callbacks.js'
import type { Secrets } from '../options/secrets.js'
import { otherUnit } from '../topics/epoch-time.js'

/** What `oauthToken` threw. A value of anybody's, which may hold secrets: it is never shown. */
export interface ThrownByProvider {
  cause: unknown
  /** What is said of it instead. */
  message: string
}

export interface TokenRenewal {
  event: ClientEvent
  /** Null: it threw nothing. */
  thrown: ThrownByProvider | null
}

/**
 * Asks for a token and hands it on. Never throws: what goes wrong librdkafka and the event tell.
 *
 * @param source the name of the one that needs it; empty: it has none
 */
export async function renewOAuthToken(
  source: string,
  provider: OAuthTokenProvider,
  engine: Pick<NativeEngine, 'setOAuthToken' | 'setOAuthTokenFailure'>,
  secrets: Secrets,
): Promise<TokenRenewal> {
  const named = source === '' ? {} : { source }
  let message: string
  let thrown: ThrownByProvider | null = null
  try {
    const { token, lifetimeMs, principal } = checkToken(await provider())
    secrets.addToken(source, token)
    const error = engine.setOAuthToken(source, token, lifetimeMs, principal ?? '')
    if (!error) return { event: { type: 'tokenRefreshed', ...named, lifetimeMs }, thrown }
    // librdkafka quotes a token that it refuses.
    message = secrets.mask(error.message)
  } catch (cause) {
    if (cause instanceof WrongToken) {
      message = `oauthToken: ${cause.message}`
    } else {
      message = `oauthToken: the function threw ${nameOf(cause)}`
      thrown = { cause, message }
    }
  }
  engine.setOAuthTokenFailure(source, message)
  return { event: { type: 'tokenFailed', ...named, message }, thrown }
}

/** Its message may quote a token, or what a token was asked for with. */
function nameOf(thrown: unknown): string {
  try {
    const name = thrown instanceof Error ? thrown.name : undefined
    return typeof name === 'string' && /^\w{1,40}$/.test(name) ? name : describeType(thrown)
  } catch {
    return 'something that cannot be read' // a getter of its own has thrown
  }
}

/** Its messages name fields and types, never the token. */
class WrongToken extends Error {}

function checkToken(value: unknown): OAuthToken {
  if (typeof value !== 'object' || value === null) {
    throw new WrongToken(
      `the callback must return { token, lifetimeMs, principal? }, not ${describeType(value)}`,
    )
  }
  const { token, lifetimeMs, principal } = value as Partial<OAuthToken>
  if (typeof token !== 'string' || token === '') {
    throw new WrongToken(`token must be a string that is not empty, not ${describeType(token)}`)
  }
  const isTime = typeof lifetimeMs === 'number' && lifetimeMs <= Number.MAX_SAFE_INTEGER
  if (!isTime || !(lifetimeMs > Date.now())) {
    throw new WrongToken(
      'lifetimeMs must be the epoch ms at which the token ends, in the future and finite, not ' +
        (typeof lifetimeMs === 'number' ? lifetimeMs : describeType(lifetimeMs)),
    )
  }
  // As milliseconds it would never end: the token would not be renewed.
  const mistake = otherUnit(lifetimeMs)
  if (mistake) throw new WrongToken(`lifetimeMs ${mistake}`)
  if (principal !== undefined && typeof principal !== 'string') {
    throw new WrongToken(`principal must be a string, not ${describeType(principal)}`)
  }
  return { token, lifetimeMs: Math.floor(lifetimeMs), principal }
}
