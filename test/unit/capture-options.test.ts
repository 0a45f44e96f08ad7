import { resolve } from 'node:path'
import { checkCapture } from '../../src/options/capture-options.js'
import { raised } from './raised.js'

const MIB = 1024 * 1024

test('fills every default in, and makes the path absolute', () => {
  expect(checkCapture({ dir: './capture' })).toEqual({
    dir: resolve('capture'),
    segmentBytes: 256 * MIB,
    segmentMs: 600_000,
    maxBytes: 0,
    maxMs: 0,
    maxQueuedBytes: 64 * MIB,
    holdsStream: false,
  })
})

test.each([
  [{ segmentBytes: 64 * 1024 }, { segmentBytes: 64 * 1024 }],
  [{ segmentBytes: 2 ** 31 - 1 }, { segmentBytes: 2 ** 31 - 1 }],
  [
    { segmentMs: 1_000, maxMs: 7 * 86_400_000 },
    { segmentMs: 1_000, maxMs: 7 * 86_400_000 },
  ],
  [{ maxBytes: 80 * MIB }, { maxBytes: 80 * MIB, segmentBytes: 10 * MIB }],
  [{ maxBytes: 2 ** 40 }, { maxBytes: 2 ** 40, segmentBytes: 256 * MIB }],
  [{ maxBytes: 128 * 1024 }, { maxBytes: 128 * 1024, segmentBytes: 64 * 1024 }],
  [{ onError: 'stream' }, { holdsStream: true }],
  [
    { onError: undefined, maxQueuedBytes: MIB },
    { holdsStream: false, maxQueuedBytes: MIB },
  ],
])('takes %o', (given, expected) => {
  expect(checkCapture({ dir: '/c', ...given })).toMatchObject(expected)
})

test.each([
  ['/c', /capture takes an object, \{ dir, .* not "\/c"/],
  [{}, /capture\.dir must be the path of a folder, as '\.\/capture', not undefined/],
  [{ dir: '' }, /capture\.dir/],
  [{ dir: 'a\0b' }, /capture\.dir/],
  [{ dir: 7 }, /capture\.dir .* not 7/],
  [{ dir: '/c', segmentBytes: 65_535 }, /capture\.segmentBytes must be an integer from 65,536/],
  [{ dir: '/c', segmentBytes: 2 ** 31 }, /capture\.segmentBytes/],
  [{ dir: '/c', segmentMs: 999 }, /capture\.segmentMs/],
  [{ dir: '/c', maxMs: Infinity }, /capture\.maxMs/],
  [{ dir: '/c', maxQueuedBytes: 1 }, /capture\.maxQueuedBytes/],
  [{ dir: '/c', maxBytes: 100 }, /capture\.maxBytes/],
  [
    { dir: '/c', maxBytes: 2 * MIB, segmentBytes: 2 * MIB },
    /twice capture\.segmentBytes .* 4,194,304/,
  ],
  [{ dir: '/c', onError: 'wait' }, /capture\.onError must be 'event' or 'stream', not "wait"/],
  [{ dir: '/c', segmentSize: 1 }, /capture has no option 'segmentSize'/],
])('refuses %o', (given, message) => {
  const error = raised(() => checkCapture(given))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).toMatch(message)
})
