// Install: what npm runs when a user installs the package: librdkafka, then the addon, from source.
// In a clone nothing happens here: `npm run setup` builds there.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const NEEDED =
  'A C++17 compiler, make, python3 and the headers of OpenSSL, zstd and zlib are needed; on ' +
  'Debian and Ubuntu: apt-get install -y g++ make python3 libssl-dev libzstd-dev zlib1g-dev'

function fail(message) {
  console.error(`tidemark: ${message}`)
  process.exit(1)
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status === 0) return
  const why = error ? `: ${error.message}` : ''
  fail(`${[command, ...args].join(' ')} failed${why}. ${NEEDED}`)
}

/** The directory of this very Node's headers, as most of its packages have them; or undefined. */
function nodeHeaders() {
  const prefix = resolve(process.execPath, '../..')
  const file = join(prefix, 'include/node/node_version.h')
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => text.match(new RegExp(`#define NODE_${part}_VERSION (\\d+)`))?.[1],
  )
  return parts.join('.') === process.versions.node ? prefix : undefined
}

function buildAddon() {
  const args = ['configure', 'build', '--release', '--jobs=max']
  // Without headers at hand node-gyp downloads them.
  const headers = process.env.npm_config_nodedir ? undefined : nodeHeaders()
  if (headers) args.push(`--nodedir=${headers}`)
  // npm brings node-gyp along and tells where; `rebuild` would wipe build/, librdkafka with it.
  const gyp = process.env.npm_config_node_gyp
  if (gyp) run(process.execPath, [gyp, ...args])
  else run('npx', ['node-gyp', ...args])
}

if (existsSync(join(root, '.ci'))) {
  console.log('tidemark: a clone; `npm run setup` builds it')
} else if (!existsSync(join(root, 'native/librdkafka/source'))) {
  fail('the package was packed before it was set up: in the clone run `npm run setup`, then pack')
} else {
  run(process.execPath, ['native/librdkafka/build.mjs'])
  buildAddon()
}
