// Addon: tidemark.node of a target, from what native/list-sources.mjs lists.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { run } from '../native/librdkafka/run.mjs'
import { compileObjects } from './objects.mjs'
import { root } from './paths.mjs'
import { stage } from './stage.mjs'
import { TARGETS } from './targets.mjs'
import { CFLAGS, CXX, compilerOf, proveCompiler, WITHOUT_ROOT } from './toolchain.mjs'

const require = createRequire(import.meta.url)

/** What is unused goes, and so do the symbols that only a debugger reads. */
const LINK = {
  linux: ['-shared', '-Wl,--gc-sections', '-s'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup', '-Wl,-dead_strip', '-s'],
}

const list = (kind, ...args) =>
  execFileSync(process.execPath, ['native/list-sources.mjs', kind, ...args], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')

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

const nodeHeaders = () => [require('node-addon-api'), require('node-api-headers')]

export function buildAddon(target, env, librdkafka, libraries) {
  const { os } = TARGETS[target]
  const sources = ['core', 'engine', 'addon'].flatMap((kind) => list(kind))
  const inputs = [
    ...[compilerOf(target), librdkafka.key, sources, hashOfSources(), LINK[os]],
    ...nodeHeaders().map(({ version }) => version),
    ...['defines', 'cflags', 'ldflags'].map((kind) => list(kind, os)),
    ...[CFLAGS, WITHOUT_ROOT],
  ]
  return stage(target, 'addon', inputs, async (directory, logFile) => {
    const includes = [
      'native',
      join(librdkafka.directory, 'include'),
      ...Object.values(libraries).map((library) => join(library.directory, 'include')),
      ...nodeHeaders().map((headers) => resolve(root, headers.include_dir)),
    ]
    const flags = [
      ...list('defines').map((define) => `-D${define}`),
      // Without -g: nothing of it would be left.
      ...list('cflags').filter((flag) => flag !== '-g'),
      ...CFLAGS,
      WITHOUT_ROOT,
      ...includes.map((folder) => `-I${folder}`),
    ]
    const options = { cwd: root, env, logFile }
    const objects = await compileObjects(CXX, sources, flags, { directory, ...options })
    const features = readFileSync(join(librdkafka.directory, 'features.json'), 'utf8')
    const output = join(directory, 'tidemark.node')
    run(
      CXX,
      [
        ...[...LINK[os], '-o', output, ...objects, ...JSON.parse(features).link],
        ...list('ldflags', os),
      ],
      options,
    )
    proveCompiler(logFile)
  })
}
