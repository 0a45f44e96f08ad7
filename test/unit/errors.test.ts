import { constants } from 'node:os'
import { ERROR_CODES } from '../../src/error-codes.js'
import { TidemarkError } from '../../src/errors.js'
import { native } from '../../src/native.js'

test('TidemarkError is an Error with name, code and message', () => {
  const error = new TidemarkError('ERR_CLOSED', 'gone')
  expect(error).toBeInstanceOf(Error)
  expect(String(error)).toBe('TidemarkError: gone')
  expect(error.stack).toContain('TidemarkError: gone')
  expect(error.code).toBe('ERR_CLOSED')
  expect(error.retriable).toBe(false)
})

test('TidemarkError has only the fields that apply', () => {
  expect(Object.keys(new TidemarkError('ERR_CLOSED', 'gone')).sort()).toEqual(['code', 'retriable'])
})

test('TidemarkError takes over all that native code reports', () => {
  const cause = {
    code: 'ERR_OFFSET_GAP',
    message: 'offsets are missing',
    topic: 'trades',
    partition: 3,
    offset: 12n,
    source: 'eu',
    kafkaCode: 1,
    retriable: true,
  } as const
  const error = TidemarkError.from({ ...cause, systemError: constants.errno.ENOSPC })
  expect(error).toMatchObject({ ...cause, systemCode: 'ENOSPC' })
})

test('TidemarkError keeps a cause', () => {
  const cause = new Error('why')
  expect(new TidemarkError('ERR_KAFKA', 'what', { cause }).cause).toBe(cause)
})

test('ERROR_CODES has every code that native code can raise', () => {
  expect(ERROR_CODES).toEqual(expect.arrayContaining(native.errorCodes()))
})
