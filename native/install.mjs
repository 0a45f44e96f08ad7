// Install: what npm runs when a user installs the package: librdkafka, then the addon, from source.
// In a clone nothing happens here: `npm run setup` builds there.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const isClone = !existsSync(fileURLToPath(new URL('librdkafka/source', import.meta.url)))

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status === 0) return
  console.error(
    `tidemark: ${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}. ` +
      'A C++17 compiler, make, python3 and the headers of OpenSSL, zstd and zlib are needed; on ' +
      'Debian and Ubuntu: apt-get install -y g++ make python3 libssl-dev libzstd-dev zlib1g-dev',
  )
  process.exit(1)
}

if (isClone) {
  console.log('tidemark: a clone; `npm run setup` builds it')
} else {
  run(process.execPath, ['native/librdkafka/build.mjs'])
  // npm brings node-gyp along and tells where; `rebuild` would wipe build/, librdkafka with it.
  const gyp = process.env.npm_config_node_gyp
  const build = ['configure', 'build', '--release']
  if (gyp) run(process.execPath, [gyp, ...build])
  else run('npx', ['node-gyp', ...build])
}
