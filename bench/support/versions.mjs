import { readFileSync } from 'node:fs'

/** The version in a package.json. */
export const packageVersion = (file) => JSON.parse(readFileSync(file, 'utf8')).version
