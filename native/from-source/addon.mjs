// Addon: compiles and links it as CMakeLists.txt does for developers, with a compiler alone: that of a
// user's machine (main.mjs), or zig for each platform (prebuild/addon.mjs).
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { run } from '../librdkafka/run.mjs'
import { compileObjects } from './objects.mjs'

/** Clang and gcc name the loading of an addon by its host in their own ways. */
const LINK = {
  linux: ['-shared'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
}

/** The headers of Node-API, of which each is a package. */
function nodeApiHeaders() {
  const require = createRequire(import.meta.url)
  return [require('node-addon-api'), require('node-api-headers')].map((headers) =>
    resolve(headers.include_dir),
  )
}

/** What is compiled of the tree at `root` for `platform`, and with which flags, whatever the compiler. */
export function recipeOf(root, platform = process.platform) {
  const list = (...args) =>
    execFileSync(process.execPath, [join(root, 'native/list-sources.mjs'), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
      .trim()
      .split('\n')
  const includes = [join(root, 'native'), ...nodeApiHeaders()]
  return {
    sources: ['core', 'engine', 'addon'].flatMap((kind) => list(kind)),
    flags: [
      // Debug information takes half of the time, and is then stripped.
      ...list('cflags').filter((flag) => flag !== '-g'),
      ...list('defines').map((name) => `-D${name}`),
      ...includes.map((folder) => `-I${folder}`),
    ],
    link: [...LINK[platform], ...list('ldflags', platform), '-s'],
  }
}

/**
 * Builds `output`, and the objects beside it. `flags` and `link` are the compiler's own, beside those of
 * the recipe; `libraries` are librdkafka and those that it needs, in order.
 */
export async function compileAddon(
  recipe,
  output,
  { compiler, flags, link, libraries, ...options },
) {
  const objects = await compileObjects(compiler, recipe.sources, [...recipe.flags, ...flags], {
    ...{ directory: join(output, '..'), ...options },
  })
  run(compiler, [...link, '-o', output, ...objects, ...libraries, ...recipe.link], options)
}
