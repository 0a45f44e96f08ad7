import { constants } from 'node:os'

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]))

/** The name of an errno, as the system errors of Node have it in `code`; nothing without one. */
export function systemCodeOf(errno: number | undefined): { systemCode?: string } {
  return errno === undefined ? {} : { systemCode: NAMES.get(errno) ?? `E${errno}` }
}
