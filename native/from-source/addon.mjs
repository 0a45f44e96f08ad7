// Addon: compiles and links it as CMakeLists.txt does for developers, with a compiler alone.
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CXX } from './toolchain.mjs'

const run = promisify(execFile)
/** Clang and gcc name the loading of an addon by its host in their own ways. */
const LINK =
  process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']

/** What the words of a script are that prints them. */
function wordsOf(root, script, ...args) {
  const printed = execFileSync(process.execPath, [join(root, 'native', script), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return printed.split(/\s+/).filter(Boolean)
}

/** The headers of Node-API, of which each is a package. */
function nodeApiHeaders() {
  const require = createRequire(import.meta.url)
  return [require('node-addon-api').include_dir, require('node-api-headers').include_dir]
}

/** Builds `target` from the tree at `root`, in which librdkafka is built. */
export async function buildAddon(root, target) {
  const list = (kind) => wordsOf(root, 'list-sources.mjs', kind)
  const [librdkafka] = wordsOf(root, 'librdkafka/build.mjs', '--print-include-dir')
  const includes = [join(root, 'native'), ...nodeApiHeaders(), librdkafka]
  const flags = [
    // Debug information takes half of the time and is then stripped.
    ...list('cflags').filter((flag) => flag !== '-g'),
    ...['-fPIC', '-pthread'],
    ...list('defines').map((name) => `-D${name}`),
    ...(process.env.CPPFLAGS?.split(' ').filter(Boolean) ?? []),
    ...includes.map((folder) => `-I${folder}`),
  ]
  const objects = join(root, 'build/objects')
  mkdirSync(objects, { recursive: true })
  const jobs = ['core', 'engine', 'addon'].flatMap(list).map((source) => ({
    source,
    object: join(objects, `${source.replaceAll('/', '_')}.o`),
  }))
  const waiting = [...jobs]
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      await run(CXX, [...flags, '-c', join(root, job.source), '-o', job.object])
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  await run(CXX, [
    ...LINK,
    ...['-pthread', '-o', target],
    ...jobs.map(({ object }) => object),
    ...wordsOf(root, 'librdkafka/build.mjs', '--print-link-flags'),
    ...list('ldflags'),
    '-s',
  ])
}
