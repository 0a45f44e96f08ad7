import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { log } from '../log.mjs'
import { packageVersion } from './versions.mjs'

const PACKAGES = new URL('../package.json', import.meta.url)
const buildDirectory = fileURLToPath(new URL('../../build/bench/node', import.meta.url))

/**
 * A package from the npm registry, with companions that belong to it, in the versions that
 * bench/package.json names. It has a directory of its own below build/bench/node: some of them run
 * install scripts that take minutes, which the project's own node_modules must not.
 */
export function npmPackage(name, { companions = [], environment = {} } = {}) {
  const directory = join(buildDirectory, name.replace('/', '-'))
  const loader = join(directory, 'load.mjs')
  const manifest = (each) => join(directory, 'node_modules', each, 'package.json')
  return {
    version: () => packageVersion(manifest(name)),
    prepare() {
      const wanted = JSON.parse(readFileSync(PACKAGES, 'utf8')).dependencies
      const missing = [name, ...companions].filter(
        (each) => !existsSync(manifest(each)) || packageVersion(manifest(each)) !== wanted[each],
      )
      if (missing.length > 0) {
        const packages = missing.map((each) => `${each}@${wanted[each]}`)
        log(`installing ${packages.join(' ')}, which takes minutes where it is native code`)
        install(directory, packages, { ...process.env, ...environment })
      }
      // What is imported there is looked for there.
      writeFileSync(loader, 'export const load = (name) => import(name)\n')
    },
    load: async (each = name) => {
      const { load } = await import(pathToFileURL(loader))
      const module = await load(each)
      return module.default ?? module
    },
  }
}

function install(directory, packages, env) {
  mkdirSync(directory, { recursive: true })
  const args = ['install', '--prefix', directory, '--ignore-scripts=false', ...packages]
  try {
    execFileSync('npm', args, { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    const lines = String(error.stderr || error.message).split('\n')
    // Where a header is missing, the package's own build may say what to install.
    const advice = lines.find((line) => /apt(-get)? install/.test(line))
    const fault = lines.find((line) => /error:|ERR!/i.test(line)) ?? lines[0]
    throw new Error(
      `npm install ${packages.join(' ')} failed: ${(advice ?? fault).replace(/^npm error /, '').trim()}. ` +
        'It needs the npm registry, and with native code a C++ compiler, make and python3',
    )
  }
}
