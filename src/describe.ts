/**
 * Says what was given instead of what was wanted, for error messages: short, and for anything but
 * a number, boolean or name only the type. Never use it on a value of `config`: see properties.ts.
 */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  switch (typeof value) {
    case 'number':
    case 'boolean':
      return String(value)
    case 'bigint':
      return `${value}n`
    case 'string':
      return value.length <= 64 ? JSON.stringify(value) : `a string of ${value.length} characters`
    default:
      return describeType(value)
  }
}

/** The type alone, with an article: 'a string', 'an array', 'an instance of Map'. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object') return `a ${typeof value}`
  const name = Object.getPrototypeOf(value)?.constructor?.name
  return typeof name === 'string' && name !== 'Object' && name !== ''
    ? `an instance of ${name}`
    : 'an object'
}
