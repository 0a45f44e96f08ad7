import { readFileSync } from 'node:fs'

/** The version in a package.json; some write a v before it. */
export const packageVersion = (file) =>
  JSON.parse(readFileSync(file, 'utf8')).version.replace(/^v/, '')
