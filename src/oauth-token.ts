import type { ClientEvent } from './client-events.js'
import { describeType } from './describe.js'
import type { NativeEngine } from './native.js'
import type { Secrets } from './secrets.js'

/** What an OAUTHBEARER callback returns. */
export interface OAuthToken {
  token: string
  /** Epoch ms at which the token ends. The next one is asked for when 80 % of the time is over. */
  lifetimeMs: number
  /** The Kafka principal, where the broker does not take it from the token. */
  principal?: string | undefined
}

/** Called whenever a token is needed, also while nobody polls. A rejection is tried again later. */
export type OAuthTokenProvider = () => Promise<OAuthToken> | OAuthToken

/** Asks for a token and hands it on. Never throws: what goes wrong librdkafka and the event tell. */
export async function renewOAuthToken(
  provider: OAuthTokenProvider,
  engine: Pick<NativeEngine, 'setOAuthToken' | 'setOAuthTokenFailure'>,
  secrets: Secrets,
): Promise<ClientEvent> {
  let message: string
  try {
    const { token, lifetimeMs, principal } = checkToken(await provider())
    secrets.addToken(token)
    const error = engine.setOAuthToken(token, lifetimeMs, principal ?? '')
    if (!error) return { type: 'tokenRefreshed', lifetimeMs }
    message = error.message
  } catch (error) {
    message = `oauthToken: ${error instanceof Error ? error.message : describeType(error)}`
  }
  // librdkafka quotes a token that it refuses.
  message = secrets.mask(message)
  engine.setOAuthTokenFailure(message)
  return { type: 'tokenFailed', message }
}

/** The messages name fields and types, never the token. */
function checkToken(value: unknown): OAuthToken {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(
      `the callback must return { token, lifetimeMs, principal? }, not ${describeType(value)}`,
    )
  }
  const { token, lifetimeMs, principal } = value as Partial<OAuthToken>
  if (typeof token !== 'string' || token === '') {
    throw new TypeError(`token must be a string that is not empty, not ${describeType(token)}`)
  }
  if (typeof lifetimeMs !== 'number' || !(lifetimeMs > Date.now())) {
    throw new TypeError(
      'lifetimeMs must be the epoch ms at which the token ends, in the future, not ' +
        (typeof lifetimeMs === 'number' ? lifetimeMs : describeType(lifetimeMs)),
    )
  }
  if (principal !== undefined && typeof principal !== 'string') {
    throw new TypeError(`principal must be a string, not ${describeType(principal)}`)
  }
  return { token, lifetimeMs: Math.floor(lifetimeMs), principal }
}
