// zlib: libz.a and its headers.
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { compileObjects } from '../native/from-source/objects.mjs'
import { run } from '../native/librdkafka/run.mjs'
import { fetchLibrary, LIBRARIES } from './sources.mjs'
import { stage } from './stage.mjs'
import { AR, CC, CFLAGS, compilerOf, proveCompiler, WITHOUT_ROOT } from './toolchain.mjs'

/** -O3: what its own build takes. */
const FLAGS = ['-O3', '-DHAVE_UNISTD_H', '-DHAVE_STDARG_H']

export function buildZlib(target, env) {
  const inputs = [compilerOf(target), LIBRARIES.zlib, FLAGS, CFLAGS, WITHOUT_ROOT]
  return stage(target, 'zlib', inputs, async (directory, logFile) => {
    const source = fetchLibrary('zlib')
    const files = readdirSync(source).filter((name) => name.endsWith('.c'))
    const objects = await compileObjects(CC, files, [...FLAGS, ...CFLAGS, WITHOUT_ROOT], {
      ...{ directory, cwd: source, env, logFile },
    })
    run(AR, ['rcs', join(directory, 'libz.a'), ...objects], { logFile, env })
    proveCompiler(logFile)
    mkdirSync(join(directory, 'include'))
    for (const name of ['zlib.h', 'zconf.h']) {
      cpSync(join(source, name), join(directory, 'include', name))
    }
  })
}
