// librdkafka: librdkafka.a of a target, from the same patched source, by the same configure, as
// native/librdkafka/build.mjs makes it for the machine that builds.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIGURE, compile, installHeaders } from '../native/librdkafka/compile.mjs'
import { copySource, sourceStamp } from '../native/librdkafka/source.mjs'
import { stage } from './stage.mjs'
import { TARGETS } from './targets.mjs'
import {
  AR,
  CC,
  CFLAGS,
  CXX,
  compilerOf,
  proveCompiler,
  RANLIB,
  WITHOUT_ROOT,
} from './toolchain.mjs'

/**
 * The OpenSSL is not the system's, so librdkafka looks for the CAs' certificates where the systems
 * have them: this is upstream's switch for that.
 */
const DEFINES = ['-DWITH_STATIC_LIB_libcrypto=1']
/**
 * zig's headers leave out what an older glibc has not got, but know the version only behind this one,
 * which looks at _GNU_SOURCE. Without it configure finds C11 threads and getentropy, which are not there.
 */
const KNOW_GLIBC = ['-D_GNU_SOURCE', '-include', 'features.h']

/** Also writes features.json. `libraries` are the stages of OpenSSL, zstd and zlib. */
export function buildLibrdkafka(target, env, { openssl, zstd, zlib }) {
  const { os, libc } = TARGETS[target]
  const flags = [...CFLAGS, WITHOUT_ROOT, ...DEFINES, ...(libc === 'glibc' ? KNOW_GLIBC : [])]
  const inputs = [
    ...[compilerOf(target), openssl.key, zstd.key, zlib.key, sourceStamp()],
    ...[CONFIGURE, flags],
  ]
  return stage(target, 'librdkafka', inputs, (directory, logFile) => {
    const folders = [openssl, zstd, zlib].map((library) => library.directory)
    const archives = [
      ...['libssl.a', 'libcrypto.a'].map((name) => join(openssl.directory, name)),
      join(zstd.directory, 'libzstd.a'),
      join(zlib.directory, 'libz.a'),
    ]
    const includes = folders.map((folder) => `-I${join(folder, 'include')}`)
    const source = join(directory, 'source')
    copySource(source)
    const features = compile(source, join(directory, 'librdkafka.a'), archives, {
      cc: CC,
      configure: [
        `--cxx=${CXX}`,
        `--CFLAGS=${[...flags, ...includes].join(' ')}`,
        `--LDFLAGS=${folders.map((folder) => `-L${folder}`).join(' ')}`,
        '--disable-debug-symbols',
      ],
      make: [`AR=${AR}`, `RANLIB=${RANLIB}`],
      logFile,
      env: { ...env, CC, CXX, AR, RANLIB },
      platform: os,
    })
    proveCompiler(logFile)
    installHeaders(source, join(directory, 'include'))
    writeFileSync(join(directory, 'features.json'), `${JSON.stringify(features, null, 2)}\n`)
  })
}
