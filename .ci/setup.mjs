// Setup: everything from a fresh clone to something that runs. What is done is not done again.
//
//   1. system          compiler, headers and static archives; through apt where that is possible
//   2. packages        npm ci
//   3. librdkafka      from source, patched
//   4. addon           CMake through cmake-js
//   5. TypeScript      dist/
//   6. packing         librdkafka's patched source, which @tidemark/build carries
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const log = (message) => process.stderr.write(`setup: ${message}\n`)

function run(what, command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  })
  if (status === 0) return
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  log(`${what} failed: ${[command, ...args].join(' ')}${error ? `: ${error.message}` : ''}`)
  process.exit(1)
}

const succeeds = (command, args, options) =>
  spawnSync(command, args, { cwd: root, stdio: 'ignore', ...options }).status === 0

/** Hash of the files below `paths` whose name `matches`. */
function fingerprint(paths, matches = () => true) {
  const hash = createHash('sha256').update(process.version)
  const add = (path) => {
    if (!existsSync(join(root, path))) return
    const entries = readdirSync(join(root, path), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name === 'node_modules' || entry.name === 'source') continue
      if (entry.isDirectory()) add(join(path, entry.name))
      else if (matches(entry.name)) addFile(join(path, entry.name))
    }
  }
  const addFile = (path) => hash.update(path).update(readFileSync(join(root, path)))
  for (const path of paths) {
    if (statSync(join(root, path)).isDirectory()) add(path)
    else addFile(path)
  }
  return hash.digest('hex')
}

/** Does `work`, which makes `product`, unless the stamp says that it was done for this fingerprint. */
function once(stamp, product, key, work) {
  const file = join(root, stamp)
  const isDone = existsSync(file) && readFileSync(file, 'utf8') === key
  if (isDone && existsSync(join(root, product))) return
  work()
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, key)
}

// --- 1. system ----------------------------------------------------------------------------------

const HEADERS = {
  'openssl/ssl.h': 'libssl-dev',
  'zstd.h': 'libzstd-dev',
  'zlib.h': 'zlib1g-dev',
  'gtest/gtest.h': 'libgtest-dev',
}
const TOOLS = {
  'c++': 'g++',
  make: 'make',
  cmake: 'cmake',
  'pkg-config': 'pkg-config',
}

function missingPackages() {
  const missing = []
  for (const [tool, name] of Object.entries(TOOLS)) {
    if (!succeeds(tool, ['--version'])) missing.push(name)
  }
  for (const [header, name] of Object.entries(HEADERS)) {
    const probe = { input: `#include <${header}>\n`, stdio: ['pipe', 'ignore', 'ignore'] }
    if (!succeeds('c++', ['-std=c++17', '-E', '-x', 'c++', '-'], probe)) missing.push(name)
  }
  return missing
}

function installSystemPackages() {
  const missing = missingPackages()
  if (missing.length === 0) return
  const command = `apt-get update && apt-get install -y ${missing.join(' ')}`
  const isRoot = process.getuid?.() === 0
  const canSudo = !isRoot && succeeds('sudo', ['-n', 'true'])
  if (!succeeds('apt-get', ['--version']) || !(isRoot || canSudo)) {
    log(`these system packages are missing, by their Debian names: ${missing.join(' ')}`)
    log(`install them, for example with: sudo sh -c '${command}'`)
    process.exit(1)
  }
  log(`installing ${missing.join(' ')} (apt-get)`)
  const shell = ['sh', '-c', command]
  const [first, ...rest] = isRoot ? shell : ['sudo', '-n', ...shell]
  run('installing system packages', first, rest, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const still = missingPackages()
  if (still.length > 0) {
    log(`still missing after apt-get: ${still.join(' ')}`)
    process.exit(1)
  }
}

// --- in order -----------------------------------------------------------------------------------

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const [major, minor] = engines.node.match(/\d+/g).map(Number)
const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number)
if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  log(`Node ${process.version} is too old: tidemark needs Node ${major}.${minor} or newer`)
  process.exit(1)
}
installSystemPackages()

const PACKAGES = 'node_modules/.package-lock.json'
once('node_modules/.tidemark-packages', PACKAGES, fingerprint(['package-lock.json']), () => {
  log('installing packages (npm ci)')
  run('npm ci', 'npm', ['ci', '--no-audit', '--no-fund'])
})

const isNative = (name) => /\.(cc|h|c|mjs|txt|gypi|map|json)$/.test(name)
const nativeKey = fingerprint(['native', 'package-lock.json'], isNative)
const LIBRDKAFKA = 'native/librdkafka/build.mjs'
once('build/.tidemark-addon', 'build/Release/tidemark.node', nativeKey, () => {
  run('building librdkafka', process.execPath, [LIBRDKAFKA], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  log('building the addon')
  const cmakeJs = join(root, 'node_modules/cmake-js/bin/cmake-js')
  run('building the addon', process.execPath, [
    ...[cmakeJs, 'build', '--log-level', 'error', '--directory', 'native', '--out', 'build'],
    ...['--parallel', '2', '--target', 'tidemark'],
  ])
})

const isSource = (name) => /\.(ts|mjs|json)$/.test(name)
const SOURCES = ['src', 'examples', 'native/node/binding.cjs', 'tsconfig.json', '.ci']
const sourceKey = fingerprint(SOURCES, isSource)
once('build/.tidemark-typescript', 'dist/cjs/binding.js', sourceKey, () => {
  log('compiling TypeScript')
  run('compiling TypeScript', process.execPath, ['.ci/build-ts.mjs'])
})

once('build/.tidemark-prepared', 'native/librdkafka/source', nativeKey, () => {
  run('preparing to pack', process.execPath, [LIBRDKAFKA, '--prepare'])
})
