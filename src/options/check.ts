import { resolve } from 'node:path'
import { describe } from '../describe.js'
import type { TidemarkErrorCode } from '../error-codes.js'
import { TidemarkError } from '../errors.js'
import { suggestion } from '../suggestion.js'

/** The largest that timers take, in ms: 24 days. */
export const LARGEST_TIMEOUT_MS = 2 ** 31 - 1

/**
 * Reads an object of options, so that each is read once.
 *
 * @param what takes them, for the message
 * @param elsewhere where a name of something else belongs, for the message: '; it is …'
 * @throws TidemarkError with `code`: no object, or a name that is none of `names`
 */
export function readOptions<Name extends string>(
  what: string,
  options: unknown,
  names: readonly Name[],
  code: TidemarkErrorCode,
  elsewhere: (name: string) => string | undefined = () => undefined,
): { [_ in Name]?: unknown } {
  const list = `{ ${names.join(', ')} }`
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TidemarkError(code, `${what} takes an object, ${list}, not ${describe(options)}`)
  }
  for (const name of Object.keys(options)) {
    if ((names as readonly string[]).includes(name)) continue
    const meant = suggestion(name, names) || (elsewhere(name) ?? `; it takes ${list}`)
    throw new TidemarkError(code, `${what} has no option '${name}'${meant}`)
  }
  return { ...options }
}

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
