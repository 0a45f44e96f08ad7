// Quick start: examples/quick-start.ts in a project, as an ES module and as CommonJS.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../steps/command.mjs'

const FILES = ['quick-start.mjs', 'quick-start.cjs']

export function writeQuickStart(project) {
  const imported = readFileSync(join(root, 'build/examples/quick-start.js'), 'utf8')
  const required = imported.replace(/^import (\{.*\}) from ('.*');?$/gm, 'const $1 = require($2)')
  assert(!/^import /m.test(required) && required !== imported)
  project.write('quick-start.mjs', imported)
  project.write('quick-start.cjs', `(async () => {\n${required}\n})()\n`)
}

/** Both; `command` says how a file is run. */
export async function runQuickStart(project, command = (file) => ['node', file]) {
  for (const file of FILES) {
    const [program, ...args] = command(file)
    const { stdout } = await project.run(program, args)
    assert.match(stdout, /replayed 2000 rows[\s\S]*live: 1 row/)
  }
}

/** What each says where there is no addon. */
export async function failQuickStart(project, command = (file) => ['node', file]) {
  const errors = []
  for (const file of FILES) {
    const [program, ...args] = command(file)
    errors.push((await project.run(program, args, { fails: true })).stderr)
  }
  for (const error of errors) assert.match(error, /ERR_NATIVE_ADDON/)
  return errors
}
