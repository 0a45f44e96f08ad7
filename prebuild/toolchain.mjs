// Toolchain: zig as C and C++ compiler, archiver and linker for one target, by the names that the
// libraries' own builds call; and the proof that nothing else has compiled.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { buildDirectory, root, stageDirectory } from './paths.mjs'
import { fetchZig, ZIG_VERSION } from './sources.mjs'
import { TARGETS } from './targets.mjs'

export const CC = 'zig-cc'
export const CXX = 'zig-c++'
export const AR = 'zig-ar'
export const RANLIB = 'zig-ranlib'

/** For all that goes into the addon. */
export const CFLAGS = ['-fPIC', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections']
/** So that no path of the machine that builds gets into the binary by __FILE__. */
export const WITHOUT_ROOT = `-ffile-prefix-map=${root}=.`

/** Says which compiler it is, for the keys of stages. */
export const compilerOf = (target) => [`zig ${ZIG_VERSION}`, TARGETS[target].zig]

/** The environment in which `zig-cc` and the others are found. */
export function openToolchain(target) {
  const zig = join(fetchZig(), 'zig')
  const directory = stageDirectory(target, 'bin')
  mkdirSync(directory, { recursive: true })
  const tool = (name, lines) =>
    writeFileSync(join(directory, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
  const compiler = (name, command) =>
    // Asked for its version with a glibc in the target zig fails, and librdkafka's configure would
    // then take the machine's gcc without a word.
    tool(
      name,
      `[ "$*" = --version ] && exec '${zig}' ${command} --version\n` +
        `exec '${zig}' ${command} -target ${TARGETS[target].zig} "$@"`,
    )
  compiler(CC, 'cc')
  compiler(CXX, 'c++')
  tool(AR, `exec '${zig}' ar "$@"`)
  tool(RANLIB, `exec '${zig}' ranlib "$@"`)
  const cache = join(buildDirectory, 'zig-cache')
  const { CFLAGS, CXXFLAGS, CPPFLAGS, LDFLAGS, ...env } = process.env
  return {
    ...env,
    PATH: `${directory}${delimiter}${process.env.PATH}`,
    ZIG_GLOBAL_CACHE_DIR: cache,
    ZIG_LOCAL_CACHE_DIR: cache,
    // Whatever the machine has of these libraries is for another target.
    PKG_CONFIG_LIBDIR: '/nonexistent',
    PKG_CONFIG_PATH: '',
    // OpenSSL says when it was built: always then, so that the same sources give the same bytes.
    SOURCE_DATE_EPOCH: '0',
  }
}

/** Throws if the log of a stage has a line by which anything but zig compiled. */
export function proveCompiler(logFile) {
  const compiles = readFileSync(logFile, 'utf8')
    .split('\n')
    .filter((line) => / -c /.test(line) && / -o /.test(line))
  const [first] = compiles.filter((line) => !/^(\$ )?zig-(cc|c\+\+) /.test(line.trim()))
  if (compiles.length === 0) throw new Error(`prebuild: ${logFile} shows no compiler`)
  if (first) throw new Error(`prebuild: not compiled by zig: ${first.trim()}; see ${logFile}`)
}
