// Prebuild: a binary of the addon, and its package, for each platform that is asked for.
//
//   npm run prebuild [-- target…]     the targets of prebuild/targets.mjs; this machine's, if none is given
//
// docs/prebuilt.md says how, and what the checks at the end hold.
import { mkdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { lock } from '../native/librdkafka/lock.mjs'
import { buildAddon } from './addon.mjs'
import { checkBinary } from './checks.mjs'
import { buildLibrdkafka } from './librdkafka.mjs'
import { buildOpenssl } from './openssl.mjs'
import { makePackage } from './package.mjs'
import { buildDirectory, root } from './paths.mjs'
import { log } from './stage.mjs'
import { hostTarget, TARGETS } from './targets.mjs'
import { openToolchain } from './toolchain.mjs'
import { buildZlib } from './zlib.mjs'
import { buildZstd } from './zstd.mjs'

async function prebuild(target) {
  const env = openToolchain(target)
  const libraries = {
    openssl: await buildOpenssl(target, env),
    zstd: await buildZstd(target, env),
    zlib: await buildZlib(target, env),
  }
  const librdkafka = await buildLibrdkafka(target, env, libraries)
  const addon = await buildAddon(target, env, librdkafka, libraries)
  const binary = join(addon.directory, 'tidemark.node')
  checkBinary(target, binary)
  const tarball = makePackage(target, binary)
  const size = (statSync(tarball).size / 1e6).toFixed(2)
  log(`${target}: ${relative(root, tarball)}, ${size} MB`)
}

async function main() {
  const targets = process.argv.length > 2 ? process.argv.slice(2) : [hostTarget()]
  const unknown = targets.filter((target) => !Object.hasOwn(TARGETS, target))
  if (unknown.length > 0) {
    const known = Object.keys(TARGETS).join(', ')
    throw new Error(`prebuild: no target ${unknown.join(', ')}; there are ${known}`)
  }
  for (const target of targets) {
    mkdirSync(join(buildDirectory, target), { recursive: true })
    const release = lock(join(buildDirectory, target, 'lock'))
    try {
      await prebuild(target)
    } finally {
      release()
    }
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
