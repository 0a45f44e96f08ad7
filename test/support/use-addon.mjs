import { existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const hook = fileURLToPath(new URL('use-addon.cjs', import.meta.url))

/**
 * Runs `tests(env)`: what it starts with `env` loads the addon `path` instead of the ordinary one.
 * Throws if nothing has loaded it, for then nothing was tested.
 */
export async function withAddon(path, tests) {
  const loads = `${path}.loads`
  rmSync(loads, { force: true })
  const result = await tests({ NODE_OPTIONS: `--require ${hook}`, TIDEMARK_TEST_ADDON: path })
  if (!existsSync(loads)) throw new Error(`no test has loaded ${path}`)
  rmSync(loads)
  return result
}
