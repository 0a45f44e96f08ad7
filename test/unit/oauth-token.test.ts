import type { ClientEvent } from '../../src/client-events.js'
import type { NativeEvent, NativeOptions } from '../../src/native.js'
import { type OAuthTokenProvider, renewOAuthToken } from '../../src/oauth-token.js'
import { Secrets } from '../../src/secrets.js'
import { FakeEngine } from './fake-engine.js'

let event: ClientEvent
const LATER = Date.now() + 60_000

async function renewWith(provider: () => unknown, changes: Partial<FakeEngine> = {}) {
  const engine = new FakeEngine({} as NativeOptions, (_: NativeEvent) => {})
  Object.assign(engine, changes)
  event = await renewOAuthToken(provider as OAuthTokenProvider, engine, new Secrets({}))
  return engine
}

test('hands a token on', async () => {
  const engine = await renewWith(async () => ({
    token: 'abc',
    lifetimeMs: LATER + 0.5,
    principal: 'me',
  }))
  expect(engine.tokens).toEqual([{ token: 'abc', lifetimeMs: LATER, principal: 'me' }])
  expect(engine.tokenFailures).toEqual([])
  expect(event).toEqual({ type: 'tokenRefreshed', lifetimeMs: LATER })
})

test('needs no principal and no promise', async () => {
  const engine = await renewWith(() => ({ token: 'abc', lifetimeMs: LATER }))
  expect(engine.tokens).toEqual([{ token: 'abc', lifetimeMs: LATER, principal: '' }])
})

test.each([
  ['a throw', () => Promise.reject(new Error('no network')), 'no network'],
  [
    'a synchronous throw',
    () => {
      throw new Error('no network')
    },
    'no network',
  ],
  ['a throw of something else', () => Promise.reject('sesame'), 'a string'],
  ['nothing', () => undefined, 'undefined'],
  ['a bare token', () => 'sesame', 'a string'],
  ['no token', () => ({ lifetimeMs: LATER }), 'token must be a string'],
  ['an empty token', () => ({ token: '', lifetimeMs: LATER }), 'token must be a string'],
  ['no lifetime', () => ({ token: 'sesame' }), 'lifetimeMs'],
  ['a duration', () => ({ token: 'sesame', lifetimeMs: 3_600_000 }), 'epoch ms'],
  ['seconds', () => ({ token: 'sesame', lifetimeMs: LATER / 1000 }), 'epoch ms'],
  ['a Date', () => ({ token: 'sesame', lifetimeMs: new Date(LATER) }), 'an instance of Date'],
  ['a wrong principal', () => ({ token: 'sesame', lifetimeMs: LATER, principal: 1 }), 'principal'],
])('reports %s, and never the token', async (_, provider, said) => {
  const engine = await renewWith(provider)
  expect(engine.tokens).toEqual([])
  expect(engine.tokenFailures).toHaveLength(1)
  expect(engine.tokenFailures[0]).toContain(said)
  expect(engine.tokenFailures[0]).not.toContain('sesame')
  expect(event).toEqual({ type: 'tokenFailed', message: engine.tokenFailures[0] })
})

test('reports a token that librdkafka refuses, without the token that it quotes', async () => {
  const engine = await renewWith(() => ({ token: 'sesame', lifetimeMs: LATER }), {
    tokenError: { code: 'ERR_AUTHENTICATION', message: 'refused: sesame (e)', retriable: false },
  })
  expect(engine.tokenFailures).toEqual(['refused: [secret] (e)'])
  expect(event).toEqual({ type: 'tokenFailed', message: 'refused: [secret] (e)' })
})
