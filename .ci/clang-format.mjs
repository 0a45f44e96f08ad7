// clang-format over all C and C++ of the project: --check names what it would change, --write does it.
import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const patterns = ['*.cc', '*.h', '*.c'].flatMap((name) => [
  `native/${name}`,
  `bench/native/${name}`,
])
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter(Boolean)

const mode = process.argv[2]
if (mode !== '--check' && mode !== '--write') {
  console.error('clang-format.mjs takes --check or --write')
  process.exit(2)
}
const args = mode === '--write' ? ['-i'] : ['--dry-run', '-Werror']
const { status, error } = spawnSync(
  process.execPath,
  ['node_modules/clang-format/index.js', ...args, ...files],
  { cwd: root, stdio: 'inherit' },
)
if (error) throw error
process.exit(status ?? 1)
