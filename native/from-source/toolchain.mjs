// Toolchain: what a build from source takes, and what of it is missing.
import { spawnSync } from 'node:child_process'
import { CC, findDependencies } from '../librdkafka/features.mjs'

export const CXX = process.env.CXX || 'c++'

/** By the package manager that a system has: how to install all of it. */
const INSTALL = {
  'apt-get': 'apt-get install -y g++ make libssl-dev libzstd-dev zlib1g-dev',
  apk: 'apk add bash g++ linux-headers make openssl-dev openssl-libs-static zlib-dev zlib-static zstd-dev zstd-static',
  brew: 'brew install openssl@3 zstd zlib',
}

const runs = (command, args, input) =>
  spawnSync(command, args, { input, stdio: [input ? 'pipe' : 'ignore', 'ignore', 'ignore'] })
    .status === 0

/** One line of what is missing, and how to get it; undefined where nothing is. */
export function missingTools() {
  const probe = '#include <optional>\nstd::optional<int> found;\n'
  const missing = []
  if (!runs(CC, ['--version'])) missing.push(`a C compiler (${CC})`)
  if (!runs(CXX, ['-std=c++17', '-fsyntax-only', '-x', 'c++', '-'], probe)) {
    missing.push(`a C++17 compiler (${CXX})`)
  }
  // librdkafka's configure is a script of bash.
  for (const tool of ['make', 'bash']) if (!runs(tool, ['--version'])) missing.push(tool)
  if (missing.length === 0) {
    try {
      findDependencies()
      return undefined
    } catch (error) {
      missing.push(error.message.match(/^librdkafka: (.*) not found/)?.[1] ?? error.message)
    }
  }
  const [, command] = Object.entries(INSTALL).find(([name]) => runs(name, ['--version'])) ?? []
  return `this machine lacks ${missing.join(', ')}.${command ? ` Run \`${command}\`` : ' See docs/install.md'}`
}
