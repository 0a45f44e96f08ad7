import { logTo } from '../../src/manager/logger.js'
import type { LogEntry } from '../../src/options/callbacks.js'

test.each([
  [0, 'error'],
  [3, 'error'],
  [4, 'warn'],
  [5, 'info'],
  [6, 'info'],
  [7, 'debug'],
])('syslog level %p is %p', async (level, expected) => {
  const entries: LogEntry[] = []
  logTo((entry) => entries.push(entry), { type: 'log', level, facility: 'FAIL', message: 'x' })
  await Promise.resolve()
  expect(entries).toEqual([{ level: expected, facility: 'FAIL', message: 'x' }])
})

test('the logger is not called from within native code', () => {
  const logger = jest.fn()
  logTo(logger, { type: 'log', level: 3, facility: 'FAIL', message: 'x' })
  expect(logger).not.toHaveBeenCalled()
})
