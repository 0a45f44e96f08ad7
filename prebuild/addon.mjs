// Addon: tidemark.node of a target, as native/from-source compiles it, by zig.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { compileAddon, recipeOf } from '../native/from-source/addon.mjs'
import { root } from './paths.mjs'
import { stage } from './stage.mjs'
import { TARGETS } from './targets.mjs'
import { CFLAGS, CXX, compilerOf, proveCompiler, WITHOUT_ROOT } from './toolchain.mjs'

const require = createRequire(import.meta.url)

/** What is unused goes. */
const LINK = { linux: ['-Wl,--gc-sections'], darwin: ['-Wl,-dead_strip'] }

/** Of everything in native/ that a compiler may read. */
function hashOfSources() {
  const hash = createHash('sha256')
  const files = readdirSync(join(root, 'native'), { recursive: true }).filter(
    (file) => /\.(cc|h|gypi|map)$/.test(file) && !/_test\.cc$|^librdkafka/.test(file),
  )
  for (const file of files.sort())
    hash.update(file).update(readFileSync(join(root, 'native', file)))
  return hash.digest('hex')
}

const headerVersions = () =>
  ['node-addon-api', 'node-api-headers'].map((name) => require(`${name}/package.json`).version)

export function buildAddon(target, env, librdkafka, libraries) {
  const { os } = TARGETS[target]
  const recipe = recipeOf(root, os)
  const inputs = [
    ...[compilerOf(target), librdkafka.key, recipe, hashOfSources(), headerVersions()],
    ...[CFLAGS, WITHOUT_ROOT, LINK[os]],
  ]
  return stage(target, 'addon', inputs, async (directory, logFile) => {
    const includes = [librdkafka, ...Object.values(libraries)].map(
      (library) => `-I${join(library.directory, 'include')}`,
    )
    const features = readFileSync(join(librdkafka.directory, 'features.json'), 'utf8')
    await compileAddon(recipe, join(directory, 'tidemark.node'), {
      ...{ compiler: CXX, flags: [...CFLAGS, WITHOUT_ROOT, ...includes], link: LINK[os] },
      ...{ libraries: JSON.parse(features).link, cwd: root, env, logFile },
    })
    proveCompiler(logFile)
  })
}
