#!/usr/bin/env node
// tidemark-build: compiles the addon for the tidemark of the project in which it runs, from source, and
// puts it there. It works in a temporary folder, of which nothing stays.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileAddon, recipeOf } from './addon.mjs'
import { CXX, missingTools } from './toolchain.mjs'

const own = fileURLToPath(new URL('../..', import.meta.url))
const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version

class Refusal extends Error {}

/** The folder of the package that the project uses. */
function installedPackage(project) {
  try {
    return dirname(
      realpathSync(createRequire(join(project, 'package.json')).resolve('tidemark/package.json')),
    )
  } catch {
    throw new Refusal(
      `no tidemark in node_modules of ${project} or above. Run this in the project that uses it, ` +
        "after its installation. Yarn's Plug'n'Play has no such folder: set `nodeLinker: node-modules`",
    )
  }
}

function check(installed) {
  if (!['linux', 'darwin'].includes(process.platform)) {
    throw new Refusal(`it cannot be built on ${process.platform}: it runs on Linux and macOS`)
  }
  const [theirs, ours] = [installed, own].map(versionOf)
  if (theirs !== ours) {
    throw new Refusal(
      `the project has tidemark ${theirs}: run \`npx --yes @tidemark/build@${theirs}\``,
    )
  }
  const missing = missingTools()
  if (missing) throw new Refusal(missing)
}

/** Runs a script of ours to its end. Returns the words that it prints. */
function node(...args) {
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Refusal('the build failed, see above')
  return stdout.split(/\s+/).filter(Boolean)
}

/** Builds in `folder`, tries the result, and then only puts it where binding.cjs looks for it. */
async function build(folder, installed) {
  cpSync(join(own, 'native'), join(folder, 'native'), { recursive: true })
  const librdkafka = (print) => node(join(folder, 'native/librdkafka/build.mjs'), print)
  const libraries = librdkafka('--print-link-flags')
  const includes = librdkafka('--print-include-dir').map((directory) => `-I${directory}`)
  const { CPPFLAGS = '' } = process.env
  console.error('tidemark-build: compiling the addon')
  const addon = join(folder, 'build/tidemark.node')
  await compileAddon(recipeOf(folder), addon, {
    ...{ compiler: CXX, link: ['-pthread'], libraries },
    flags: ['-fPIC', '-pthread', ...CPPFLAGS.split(' ').filter(Boolean), ...includes],
    ...{ cwd: folder, env: process.env, logFile: join(folder, 'build/addon.log') },
  }).catch(({ message }) => {
    throw new Refusal(message)
  })
  node('-e', `require(${JSON.stringify(addon)})`)

  const target = join(installed, 'build/Release/tidemark.node')
  mkdirSync(dirname(target), { recursive: true })
  // At once, since a process may be loading the one that is there.
  copyFileSync(addon, `${target}.new`)
  renameSync(`${target}.new`, target)
  console.error(`tidemark-build: ${target} is ready`)
}

let folder
const clean = () => folder && rmSync(folder, { recursive: true, force: true })
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    clean()
    process.exit(1)
  })
}
try {
  const installed = installedPackage(process.cwd())
  check(installed)
  folder = mkdtempSync(join(tmpdir(), 'tidemark-build-'))
  await build(folder, installed)
} catch (error) {
  console.error(`tidemark-build: ${error instanceof Refusal ? error.message : error.stack}`)
  process.exitCode = 1
} finally {
  clean()
}
