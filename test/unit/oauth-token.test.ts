import { renewOAuthToken, type TokenRenewal } from '../../src/manager/oauth-token.js'
import type { NativeEvent, NativeOptions } from '../../src/native.js'
import type { OAuthTokenProvider } from '../../src/options/callbacks.js'
import { Secrets } from '../../src/options/secrets.js'
import { FakeEngine } from './fake-engine.js'

let event: TokenRenewal['event']
let thrown: TokenRenewal['thrown']
const LATER = Date.now() + 60_000

async function renewWith(provider: () => unknown, changes: Partial<FakeEngine> = {}) {
  const engine = new FakeEngine({} as NativeOptions, (_: NativeEvent) => {})
  Object.assign(engine, changes)
  const asked = renewOAuthToken('', provider as OAuthTokenProvider, engine, new Secrets({}))
  ;({ event, thrown } = await asked)
  return engine
}

test('oauthToken: a token is handed on', async () => {
  const engine = await renewWith(async () => ({
    token: 'abc',
    lifetimeMs: LATER + 0.5,
    principal: 'me',
  }))
  expect(engine.tokens).toEqual([{ token: 'abc', lifetimeMs: LATER, principal: 'me' }])
  expect(engine.tokenFailures).toEqual([])
  expect(event).toEqual({ type: 'tokenRefreshed', lifetimeMs: LATER })
})

test('oauthToken needs no principal and no promise', async () => {
  const engine = await renewWith(() => ({ token: 'abc', lifetimeMs: LATER }))
  expect(engine.tokens).toEqual([{ token: 'abc', lifetimeMs: LATER, principal: '' }])
})

test.each([
  ['nothing', () => undefined, 'undefined'],
  ['a bare token', () => 'sesame', 'a string'],
  ['no token', () => ({ lifetimeMs: LATER }), 'token must be a string'],
  ['an empty token', () => ({ token: '', lifetimeMs: LATER }), 'token must be a string'],
  ['no lifetime', () => ({ token: 'sesame' }), 'lifetimeMs'],
  ['a duration', () => ({ token: 'sesame', lifetimeMs: 3_600_000 }), 'epoch ms'],
  ['seconds', () => ({ token: 'sesame', lifetimeMs: LATER / 1000 }), 'epoch ms'],
  ['microseconds', () => ({ token: 'sesame', lifetimeMs: LATER * 1000 }), 'microseconds'],
  ['no end', () => ({ token: 'sesame', lifetimeMs: Number.POSITIVE_INFINITY }), 'Infinity'],
  ['an end past all integers', () => ({ token: 'sesame', lifetimeMs: 2 ** 53 }), 'finite'],
  ['a Date', () => ({ token: 'sesame', lifetimeMs: new Date(LATER) }), 'an instance of Date'],
  ['a wrong principal', () => ({ token: 'sesame', lifetimeMs: LATER, principal: 1 }), 'principal'],
])('oauthToken: %s is reported, and never the token', async (_, provider, said) => {
  const engine = await renewWith(provider)
  expect(engine.tokens).toEqual([])
  expect(engine.tokenFailures).toHaveLength(1)
  expect(engine.tokenFailures[0]).toContain(said)
  expect(engine.tokenFailures[0]).not.toContain('sesame')
  expect(event).toEqual({ type: 'tokenFailed', message: engine.tokenFailures[0] })
  expect(thrown).toBeNull()
})

const FAILURE = new TypeError('401 for client_secret=sesame')
const NAMED = Object.assign(new Error('sesame'), { name: 'sesame: 401' })
test.each([
  ['a rejection', () => Promise.reject(FAILURE), FAILURE, 'TypeError'],
  [
    'a throw',
    () => {
      throw FAILURE
    },
    FAILURE,
    'TypeError',
  ],
  [
    'a throw from what is returned',
    () => ({
      get token() {
        throw FAILURE
      },
    }),
    FAILURE,
    'TypeError',
  ],
  ['a throw of something else', () => Promise.reject('sesame'), 'sesame', 'a string'],
  ['a throw of nothing', () => Promise.reject(), undefined, 'undefined'],
  ['a name that is none', () => Promise.reject(NAMED), NAMED, 'an instance of Error'],
])(
  'oauthToken: %s that is thrown is named, and handed on without a quote',
  async (_, provider, cause, name) => {
    const engine = await renewWith(provider)
    const message = `oauthToken: the function threw ${name}`
    expect(engine.tokenFailures).toEqual([message])
    expect(event).toEqual({ type: 'tokenFailed', message })
    expect(thrown?.cause).toBe(cause)
  },
)

test('oauthToken: a token that librdkafka refuses is reported without the token that it quotes', async () => {
  const engine = await renewWith(() => ({ token: 'sesame', lifetimeMs: LATER }), {
    tokenError: { code: 'ERR_AUTHENTICATION', message: 'refused: sesame (e)', retriable: false },
  })
  expect(engine.tokenFailures).toEqual(['refused: [secret] (e)'])
  expect(event).toEqual({ type: 'tokenFailed', message: 'refused: [secret] (e)' })
})
