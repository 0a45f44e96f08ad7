import { resolve } from 'node:path'
import { describe } from '../describe.js'
import type { TidemarkErrorCode } from '../error-codes.js'
import { TidemarkError } from '../errors.js'

/** The largest that timers take, in ms: 24 days. */
export const LARGEST_TIMEOUT_MS = 2 ** 31 - 1

/** @throws TidemarkError with `code` */
export function readInteger(
  value: unknown,
  name: string,
  min: number,
  max: number,
  code: TidemarkErrorCode,
): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) {
    return value
  }
  throw new TidemarkError(
    code,
    `${name} must be an integer from ${min.toLocaleString('en')} to ` +
      `${max.toLocaleString('en')}, not ${describe(value)}`,
  )
}

export function invalidOption(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_OPTION', message)
}

/** How one option is checked; `undefined` comes only where there is no default. */
export type Check<Value> = (value: unknown, name: string) => Value

export function optional<Value>(check: Check<Value>): Check<Value | undefined> {
  return (value, name) => (value === undefined ? undefined : check(value, name))
}

export function callback<Callback>(example: string): Check<Callback> {
  return (value, name) => {
    if (typeof value === 'function') return value as Callback
    throw invalidOption(`${name} must be a function, as ${example}, not ${describe(value)}`)
  }
}

/** The path of a folder, absolute: the process may be somewhere else when it is read or written. */
export function folder(example: string): Check<string> {
  return (value, name) => {
    if (typeof value === 'string' && value !== '' && !value.includes('\0')) return resolve(value)
    throw invalidOption(
      `${name} must be the path of a folder, as '${example}', not ${describe(value)}`,
    )
  }
}
