import type { ClientEvent } from '../../src/index.js'
import { NATIVE_CLIENT_EVENTS, native } from '../../src/native.js'

test('the client events of native code are those that it tells of', () => {
  const types: readonly ClientEvent['type'][] = NATIVE_CLIENT_EVENTS
  expect(types).toEqual(native.clientEventTypes())
})
