// Binding: finds the addon for this machine and loads it. .ci/build-ts.mjs puts it into dist/cjs, and
// into dist/esm with a `require` of its own.
'use strict'
const { closeSync, existsSync, openSync, readFileSync, readSync } = require('node:fs')
const { join } = require('node:path')

const causes = []
const target = [process.platform, process.arch, ...libc()].join('-')
const addon = load()
if (addon === undefined) {
  const error = new Error(`${describe()} ${advice()}`, { cause: causes.at(-1) })
  throw Object.assign(error, { code: 'ERR_NATIVE_ADDON' })
}
module.exports = addon

/**
 * Each name is written out, for bundlers and file tracers, and in a `try`, since of the packages only
 * that of one platform is installed.
 */
function load() {
  try {
    // Of a clone, or of tidemark-build.
    return require('../../build/Release/tidemark.node')
  } catch (cause) {
    causes.push(cause)
  }
  try {
    switch (target) {
      case 'linux-x64-gnu':
        return require('@tidemark/linux-x64-gnu')
      case 'linux-x64-musl':
        return require('@tidemark/linux-x64-musl')
      case 'linux-arm64-gnu':
        return require('@tidemark/linux-arm64-gnu')
      case 'linux-arm64-musl':
        return require('@tidemark/linux-arm64-musl')
      case 'darwin-arm64':
        return require('@tidemark/darwin-arm64')
      case 'darwin-x64':
        return require('@tidemark/darwin-x64')
      default:
        throw new Error(`there is no package for ${target}`)
    }
  } catch (cause) {
    causes.push(cause)
  }
  return undefined
}

/**
 * The C library that this very program was linked with, which the name of its loader tells. That takes
 * half a millisecond; process.report, which also knows it, takes ten to fifty.
 */
function libc() {
  if (process.platform !== 'linux') return []
  return [/ld-musl-/.test(loader() || process.execPath) ? 'musl' : 'gnu']
}

/** PT_INTERP of a 64-bit ELF file; undefined where there is none, or it cannot be read. */
function loader() {
  let file
  try {
    file = openSync(process.execPath, 'r')
    const read = (size, position) => {
      const bytes = Buffer.alloc(size)
      readSync(file, bytes, 0, size, position)
      return bytes
    }
    const header = read(64, 0)
    const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)]
    const segments = read(size * count, Number(header.readBigUInt64LE(32)))
    for (let at = 0; at < segments.length; at += size) {
      if (segments.readUInt32LE(at) !== 3) continue
      const [offset, length] = [at + 8, at + 32].map((where) => segments.readBigUInt64LE(where))
      return read(Number(length), Number(offset)).toString('latin1')
    }
  } catch {
    // It is then taken for what most are.
  } finally {
    if (file !== undefined) closeSync(file)
  }
  return undefined
}

function describe() {
  const reasons = causes
    .filter(({ code }) => code !== 'MODULE_NOT_FOUND')
    .map(({ message }) => message.split('\n')[0])
  const [platform, arch, library] = target.split('-')
  const names = { gnu: ' (glibc)', musl: ' (musl)' }
  const machine = `${platform} ${arch}${names[library] || ''}`
  const reason = reasons.join('; ') || `the package @tidemark/${target} is not installed`
  return `tidemark: the native addon for ${machine} could not be loaded: ${reason}.`
}

function advice() {
  const root = join(__filename, '../../..')
  if (existsSync(join(root, '.ci/setup.mjs'))) return 'In a clone run `npm run setup`.'
  // A bundler moves this code away from the addon.
  if (!/[\\/](dist[\\/](cjs|esm)|native[\\/]node)[\\/]binding\.c?js$/.test(__filename)) {
    return (
      'A bundler has moved its code away from its addon. Tell it to leave tidemark where it is, in ' +
      'node_modules: esbuild `--external:tidemark`, webpack `externals: { tidemark: "commonjs ' +
      "tidemark\" }`, rollup and Vite `external: ['tidemark']` (also 'tidemark/testing'), Next.js " +
      "`serverExternalPackages: ['tidemark']`. docs/install.md has more ways."
    )
  }
  if (process.platform === 'win32') return 'It runs on Linux and macOS.'
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return (
    'Install on the platform where it runs, with optional dependencies; or build it from source, in ' +
    `the project: \`npx --yes @tidemark/build@${version}\`.`
  )
}
