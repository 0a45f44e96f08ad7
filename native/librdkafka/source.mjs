// Source: librdkafka's tree with the patch in it, from whichever place has it.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { applyPatch, patchFiles } from './patch/index.mjs'
import {
  LIBRDKAFKA_VERSION,
  PACKAGE,
  PACKAGE_VERSION,
  packageDirectory,
  preparedSource,
} from './paths.mjs'

/** What the build needs; tests, examples and other platforms' files stay out. */
const KEPT = /^(src|mklove|configure|configure\.self|Makefile|LICENSE.*|CONFIGURATION\.md)$/
const STAMP = '.prepared'

/** Says which source and which patch, to tell a tree that was made from others. */
export function sourceStamp() {
  const hash = createHash('sha256')
  hash.update(`${PACKAGE}@${PACKAGE_VERSION}`)
  for (const path of patchFiles) hash.update(readFileSync(path))
  return hash.digest('hex')
}

function isPrepared() {
  const stamp = join(preparedSource, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceStamp()
}

function packagedSource() {
  const manifest = join(packageDirectory, 'package.json')
  if (!existsSync(manifest)) {
    throw new Error(
      `librdkafka: no source. Run \`npm ci --ignore-scripts\`: ${PACKAGE} ${PACKAGE_VERSION} has it.`,
    )
  }
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
  if (version !== PACKAGE_VERSION) {
    throw new Error(
      `librdkafka: ${PACKAGE} is ${version}, but the patch was made for ${PACKAGE_VERSION}. ` +
        `See native/librdkafka/README.md, Upgrading.`,
    )
  }
  const source = join(packageDirectory, 'deps', 'librdkafka')
  const [, major, minor, patch] = readFileSync(join(source, 'src', 'rdkafka.h'), 'utf8').match(
    /#define RD_KAFKA_VERSION\s+0x(..)(..)(..)ff/,
  )
  const found = [major, minor, patch].map((hex) => Number.parseInt(hex, 16)).join('.')
  if (found !== LIBRDKAFKA_VERSION) {
    throw new Error(`librdkafka: found ${found}, but the patch was made for ${LIBRDKAFKA_VERSION}.`)
  }
  return source
}

/** Makes `directory` a patched tree that is ready to be configured. */
export function copySource(directory) {
  rmSync(directory, { recursive: true, force: true })
  if (isPrepared()) {
    cpSync(preparedSource, directory, { recursive: true })
    return
  }
  const source = packagedSource()
  for (const name of readdirSync(source).filter((name) => KEPT.test(name))) {
    cpSync(join(source, name), join(directory, name), { recursive: true })
  }
  applyPatch(directory)
}

/** Makes the tree that is packed with this project, from the npm package. */
export function prepareSource() {
  if (isPrepared()) return
  copySource(preparedSource)
  // Last, so that a tree that was left half-made is not taken for a whole one.
  writeFileSync(join(preparedSource, STAMP), sourceStamp())
}
