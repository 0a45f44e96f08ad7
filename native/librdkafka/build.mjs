#!/usr/bin/env node
// Build: librdkafka as a static library, from source, patched. Does what is not done yet.
//
//   node native/librdkafka/build.mjs [--variant release|asan|tsan|fuzzer]
//        builds build/librdkafka/<variant>/librdkafka.a, features.json beside it, and
//        build/librdkafka/include
//   … --print-link-flags     and prints what to link, in order
//   … --print-include-dir    and prints the directory for <librdkafka/rdkafka.h>
//   … --print-source-dir     and prints the directory of librdkafka's own headers
//   … --prepare              makes source/, the patched tree that @tidemark/build carries
//
// Only what is asked for goes to standard output, for `<!@(…)` of gyp and execute_process of CMake.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CONFIGURE, compile, installHeaders } from './compile.mjs'
import { CC, findDependencies } from './features.mjs'
import { withLock } from './lock.mjs'
import { buildDirectory, includeDirectory, LIBRDKAFKA_VERSION, preparedSource } from './paths.mjs'
import { copySource, prepareSource, sourceStamp } from './source.mjs'

const VARIANTS = {
  release: { flags: '', configure: [] },
  // -O1: with -O2 and both sanitizers gcc takes two minutes for one file (rdkafka_admin.c).
  // Upstream's varint writer shifts negative numbers, which every compiler does as it means.
  asan: {
    flags: '-O1 -fsanitize=address,undefined -fno-sanitize=shift-base -fno-omit-frame-pointer',
    configure: [],
  },
  // ThreadSanitizer does not see through glibc's C11 threads: it would miss every lock of them.
  tsan: {
    flags: '-O1 -fsanitize=thread -fno-omit-frame-pointer',
    configure: ['--disable-c11threads'],
  },
  // With the coverage that libFuzzer is led by.
  fuzzer: {
    flags: '-O1 -fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer',
    configure: [],
    cc: 'clang',
  },
}

const log = (message) => process.stderr.write(`librdkafka: ${message}\n`)

function describe({ codecs, security }) {
  return `${LIBRDKAFKA_VERSION} with ${codecs.join(', ')}; ${security.join(', ')}`
}

const sourceOf = (variant) => join(buildDirectory, variant, 'source')

/** Builds `variant` unless it is there. Returns its features.json. */
function build(variant) {
  const { flags, configure, cc = CC } = VARIANTS[variant]
  const directory = join(buildDirectory, variant)
  const source = sourceOf(variant)
  const library = join(directory, 'librdkafka.a')
  const featuresFile = join(directory, 'features.json')
  const stampFile = join(directory, 'stamp')
  const logFile = join(directory, 'build.log')
  mkdirSync(directory, { recursive: true })

  const { CFLAGS = '', CPPFLAGS = '', LDFLAGS = '' } = process.env
  const compiler = execFileSync(cc, ['--version'], { encoding: 'utf8' }).split('\n')[0]
  const settings = [compiler, CFLAGS, CPPFLAGS, LDFLAGS, flags, ...CONFIGURE, ...configure]
  const stamp = createHash('sha256').update(sourceStamp()).update(settings.join('\0')).digest('hex')

  return withLock(join(directory, 'lock'), () => {
    const isDone = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
    if (!isDone) {
      const archives = findDependencies()
      log(`building ${variant}, see ${logFile}`)
      rmSync(stampFile, { force: true })
      rmSync(logFile, { force: true })
      copySource(source)
      const sanitize = flags ? [`--CFLAGS=${flags}`, `--LDFLAGS=${flags}`] : []
      const features = compile(source, library, archives, {
        ...{ cc, configure: [...configure, ...sanitize], logFile },
      })
      writeFileSync(featuresFile, `${JSON.stringify(features, null, 2)}\n`)
      // Last: an interrupted build has no stamp and is done again.
      writeFileSync(stampFile, stamp)
      log(describe(features))
    }
    installHeaders(source, includeDirectory)
    return JSON.parse(readFileSync(featuresFile, 'utf8'))
  })
}

function main() {
  const { values } = parseArgs({
    options: {
      variant: { type: 'string', default: 'release' },
      prepare: { type: 'boolean', default: false },
      'print-link-flags': { type: 'boolean', default: false },
      'print-include-dir': { type: 'boolean', default: false },
      'print-source-dir': { type: 'boolean', default: false },
    },
  })
  if (!Object.hasOwn(VARIANTS, values.variant)) {
    throw new Error(`librdkafka: no variant ${values.variant}; ${Object.keys(VARIANTS).join(', ')}`)
  }
  if (values.prepare) {
    mkdirSync(buildDirectory, { recursive: true })
    withLock(join(buildDirectory, 'prepare.lock'), prepareSource)
    log(`${preparedSource} is ready to be packed`)
    return
  }
  const features = build(values.variant)
  if (values['print-link-flags']) console.log(features.link.join(' '))
  else if (values['print-include-dir']) console.log(includeDirectory)
  else if (values['print-source-dir']) console.log(join(sourceOf(values.variant), 'src'))
  else log(`${values.variant} is ready: ${describe(features)}`)
}

try {
  main()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
