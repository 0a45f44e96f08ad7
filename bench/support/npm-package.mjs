import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { packageVersion } from './versions.mjs'

const PACKAGES = new URL('../package.json', import.meta.url)
const buildDirectory = fileURLToPath(new URL('../../build/bench/node', import.meta.url))

/**
 * A peer from the npm registry, in the version that bench/package.json names. It has a directory of
 * its own below build/bench/node: some of them run install scripts that take minutes, which the
 * project's own node_modules must not.
 */
export function npmPackage(name) {
  const directory = join(buildDirectory, name.replace('/', '-'))
  const manifest = join(directory, 'node_modules', name, 'package.json')
  const require = createRequire(join(directory, 'index.js'))
  const wanted = JSON.parse(readFileSync(PACKAGES, 'utf8')).dependencies[name]
  return {
    version: () => packageVersion(manifest),
    prepare() {
      if (existsSync(manifest) && packageVersion(manifest) === wanted) return
      mkdirSync(directory, { recursive: true })
      execFileSync(
        'npm',
        ['install', '--prefix', directory, '--ignore-scripts=false', `${name}@${wanted}`],
        { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
      )
    },
    load: async () => {
      const module = await import(pathToFileURL(require.resolve(name)))
      return module.default ?? module
    },
  }
}
