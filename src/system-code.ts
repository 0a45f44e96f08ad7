import { getSystemErrorName } from 'node:util'

/** The name of an errno, as the system errors of Node have it in `code`; nothing without one. */
export function systemCodeOf(errno: number | undefined): { systemCode?: string } {
  return errno === undefined ? {} : { systemCode: getSystemErrorName(-errno) }
}
