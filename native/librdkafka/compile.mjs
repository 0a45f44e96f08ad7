// Compile: librdkafka.a out of a patched tree, its features, and its headers.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { readFeatures } from './features.mjs'
import { run } from './run.mjs'

export const CONFIGURE = [
  '--no-download',
  '--no-cache',
  '--enable-static',
  '--enable-ssl',
  '--enable-zlib',
  '--enable-zstd',
  '--disable-gssapi',
  '--disable-curl',
  '--disable-lz4-ext',
]
/** Its codecs' are for native/log/inflate_*.cc. */
const HEADERS = [
  'rdkafka.h',
  'rdkafka_mock.h',
  'rdkafka_record_batch.h',
  'rdkafka_record_batch_memory.h',
  'rdkafka_record_batch_partition.h',
  'rdkafka_record_batch_settings.h',
  'lz4.h',
  'lz4frame.h',
  'rdxxhash.h',
  'snappy.h',
]

/**
 * Makes `library` in the patched tree `source`. Returns its features: what it has, and what to link
 * on `platform` with it and `archives`.
 */
export function compile(source, library, archives, { cc, configure = [], make = [], ...options }) {
  const { logFile, env, platform } = options
  const args = [...CONFIGURE, ...configure, `--cc=${cc}`]
  run('./configure', args, { cwd: source, logFile, env })
  const features = readFeatures(source, library, archives, platform)
  run('make', ['-C', 'src', `-j${availableParallelism()}`, 'librdkafka.a', ...make], {
    ...{ cwd: source, logFile, env },
  })
  renameSync(join(source, 'src', 'librdkafka.a'), library)
  return features
}

/** For `#include <librdkafka/…>` below `directory`. */
export function installHeaders(source, directory) {
  mkdirSync(join(directory, 'librdkafka'), { recursive: true })
  for (const name of HEADERS) installHeader(join(source, 'src', name), directory, name)
}

/** Copies only what differs, so that nothing that includes it is compiled again for nothing. */
function installHeader(header, directory, name) {
  const text = readFileSync(header)
  const target = join(directory, 'librdkafka', name)
  if (existsSync(target) && readFileSync(target).equals(text)) return
  const whole = `${target}.${process.pid}`
  writeFileSync(whole, text)
  renameSync(whole, target)
}
