import type { ClientEvent } from '../../src/index.js'
import { NATIVE_CLIENT_EVENTS, native } from '../../src/native.js'

/** What the facade itself tells of: oauth-token.ts, client-events.ts. */
type Facade = 'tokenRefreshed' | 'tokenFailed' | 'stalled'
type Told = (typeof NATIVE_CLIENT_EVENTS)[number] | Facade

test('the client events of native code are those that it tells of', () => {
  expect(NATIVE_CLIENT_EVENTS).toEqual(native.clientEventTypes())
})

test('every client event is told of, and no other', () => {
  // Lint compiles it: a type that only one of the two has is an error.
  const areTheSame: [ClientEvent['type'], Told] extends [Told, ClientEvent['type']] ? true : never =
    true
  expect(areTheSame).toBe(true)
})
