/** What goes on, on standard error: results alone are on standard output. */
export const log = (message) => process.stderr.write(`bench: ${message}\n`)
