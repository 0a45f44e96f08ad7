import { TOLD_BY } from '../../src/manager/client-events.js'
import { native } from '../../src/native.js'

test('the client events of native code are those that it tells of', () => {
  const types = Object.entries(TOLD_BY).filter(([, who]) => who === 'native')
  expect(types.map(([type]) => type)).toEqual(native.clientEventTypes())
})
