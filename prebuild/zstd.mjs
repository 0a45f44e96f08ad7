// zstd: libzstd.a and its headers. With its assembler for x86-64, a fifth of decompression.
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compileObjects } from '../native/from-source/objects.mjs'
import { run } from '../native/librdkafka/run.mjs'
import { fetchLibrary, LIBRARIES } from './sources.mjs'
import { stage } from './stage.mjs'
import { AR, CC, CFLAGS, compilerOf, proveCompiler, WITHOUT_ROOT } from './toolchain.mjs'

/** -O3: what its own build takes. No formats from before 1.0: Kafka never had them. */
const FLAGS = ['-O3', '-DZSTD_LEGACY_SUPPORT=0', '-DXXH_NAMESPACE=ZSTD_']
const FOLDERS = ['common', 'compress', 'decompress']

export function buildZstd(target, env) {
  const inputs = [compilerOf(target), LIBRARIES.zstd, FLAGS, CFLAGS, WITHOUT_ROOT]
  return stage(target, 'zstd', inputs, async (directory, logFile) => {
    const source = join(fetchLibrary('zstd'), 'lib')
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(join(source, folder))
        .filter((name) => /\.[cS]$/.test(name))
        .map((name) => `${folder}/${name}`),
    )
    const objects = await compileObjects(CC, files, [...FLAGS, ...CFLAGS, WITHOUT_ROOT], {
      ...{ directory, cwd: source, env, logFile },
    })
    run(AR, ['rcs', join(directory, 'libzstd.a'), ...objects], { logFile, env })
    proveCompiler(logFile)
    mkdirSync(join(directory, 'include'))
    for (const name of ['zstd.h', 'zstd_errors.h']) {
      cpSync(join(source, name), join(directory, 'include', name))
    }
  })
}
