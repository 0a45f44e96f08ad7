import { readEpochMs } from '../../src/epoch-time.js'
import { raised } from './raised.js'

const read = (value: unknown) => readEpochMs(value, 'the time', 'ERR_INVALID_ARGUMENT')

test.each([
  [1_700_000_000_000, 1_700_000_000_000],
  [new Date(1_700_000_000_000), 1_700_000_000_000],
  [0, 0],
  [-5, -5],
  [1e9 - 1, 1e9 - 1],
  [1e10, 1e10],
  [8.64e15, 8.64e15],
])('%p is a time', (value, expected) => {
  expect(read(value)).toBe(expected)
})

test('a fraction of a millisecond is rounded up, so that "at or after" stays exact', () => {
  expect(read(1_700_000_000_000.25)).toBe(1_700_000_000_001)
})

test.each([1e9, 1_700_000_000, 1e10 - 1])('%p is taken for seconds, not milliseconds', (value) => {
  const error = raised(() => read(value))
  expect(error.code).toBe('ERR_INVALID_ARGUMENT')
  expect(error.message).toContain('looks like seconds')
  expect(error.message).toContain(String(value * 1000))
})

test('a Date in the range of seconds is taken as it is', () => {
  expect(read(new Date(1_700_000_000))).toBe(1_700_000_000)
})

test.each([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [8.64e15 + 1, '8640000000000001'],
  [new Date(Number.NaN), 'Invalid Date'],
  ['2024-01-01', '"2024-01-01"'],
  [1_700_000_000_000n, '1700000000000n'],
  [null, 'null'],
  [undefined, 'undefined'],
  [{}, 'an object'],
  [[], 'an array'],
])('%p is refused as a time', (value, said) => {
  const error = raised(() => read(value))
  expect(error.code).toBe('ERR_INVALID_ARGUMENT')
  expect(error.message).toContain('the time')
  expect(error.message).toContain(said)
})
