import { describe } from './describe.js'
import type { TidemarkErrorCode } from './error-codes.js'
import { TidemarkError } from './errors.js'
import { suggestion } from './suggestion.js'

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
