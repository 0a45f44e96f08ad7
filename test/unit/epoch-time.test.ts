import { readEpochMs } from '../../src/topics/epoch-time.js'
import { raised } from './raised.js'

const read = (value: unknown) => readEpochMs(value, 'the time', 'ERR_INVALID_ARGUMENT')

test.each([
  [1_700_000_000_000, 1_700_000_000_000],
  [new Date(1_700_000_000_000), 1_700_000_000_000],
  [0, 0],
  [-5, -5],
  [1e9 - 1, 1e9 - 1],
  [1e10, 1e10],
  // What says "never": the year 9999, and the last moment that a Date can hold.
  [Date.UTC(9999, 11, 31), 253_402_214_400_000],
  [1e15 - 1, 1e15 - 1],
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

test.each([
  [1e15, 'microseconds', 1e12],
  [1_790_000_000_000_000, 'microseconds', 1_790_000_000_000],
  [1_790_000_000_000_001, 'microseconds', 1_790_000_000_001],
  [1_790_000_000_000_000_000, 'nanoseconds', 1_790_000_000_000],
])('takes %p for %s', (value, unit, ms) => {
  const error = raised(() => read(value))
  expect(error.code).toBe('ERR_INVALID_ARGUMENT')
  expect(error.message).toContain(`looks like ${unit}: ${value}; give milliseconds (${ms})`)
})

test('a Date in the range of another unit is taken as it is', () => {
  expect(read(new Date(1_700_000_000))).toBe(1_700_000_000)
  expect(read(new Date(1_790_000_000_000_000))).toBe(1_790_000_000_000_000)
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
