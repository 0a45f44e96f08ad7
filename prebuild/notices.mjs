// Notices: what a binary contains: for its THIRD-PARTY-NOTICES.md, and for its SBOM. The texts are
// those of the very sources that it was built from.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { LIBRDKAFKA, leadingComment, render } from '../.ci/notices/notices.mjs'
import { root } from './paths.mjs'
import { fetchLibrary, fetchZig, LIBRARIES, ZIG_VERSION } from './sources.mjs'
import { TARGETS } from './targets.mjs'

const { version: addonApi } = createRequire(import.meta.url)('node-addon-api/package.json')

const linked = (library, name, licence, file) => ({
  name,
  version: LIBRARIES[library].version,
  where: `${LIBRARIES[library].version}, linked in`,
  licence,
  purl: `pkg:cargo/${LIBRARIES[library].name}@${encodeURIComponent(LIBRARIES[library].crate)}`,
  text: () => readFileSync(join(fetchLibrary(library), file), 'utf8'),
})

/** What the compiler adds by itself. Its libraries have the versions of its release. */
const ofZig = (name, licence, text) => ({
  name,
  version: ZIG_VERSION,
  where: `of zig ${ZIG_VERSION}, linked in`,
  licence,
  purl: `pkg:pypi/ziglang@${ZIG_VERSION}`,
  text: () => text((...path) => readFileSync(join(fetchZig(), ...path), 'utf8')),
})
const LLVM = 'Apache-2.0 WITH LLVM-exception'
const OF_ZIG = [
  ofZig('compiler-rt', 'MIT', (read) => read('LICENSE')),
  ofZig('libc++', LLVM, (read) => read('lib/libcxx/LICENSE.TXT')),
  ofZig('libc++abi', LLVM, (read) => read('lib/libcxxabi/LICENSE.TXT')),
  ofZig('libunwind', LLVM, (read) => read('lib/libunwind/LICENSE.TXT')),
]
/** The part of glibc that is linked into every program, such as `stat` for a glibc before 2.33. */
const OF_GLIBC = ofZig(
  'glibc, its static part',
  'LGPL-2.1-or-later WITH GCC-exception-2.0',
  (read) => leadingComment(read('lib/libc/glibc/io/stat-2.32.c')),
)

/** @returns {import('../.ci/notices/notices.mjs').Contained[]} */
export function contentsOf(target) {
  return [
    ...LIBRDKAFKA,
    linked('openssl', 'OpenSSL', 'Apache-2.0', 'LICENSE.txt'),
    linked('zstd', 'Zstandard', 'BSD-3-Clause', 'LICENSE'),
    linked('zlib', 'zlib', 'Zlib', 'LICENSE'),
    {
      name: 'node-addon-api',
      version: addonApi,
      where: `${addonApi}, compiled in`,
      licence: 'MIT',
      purl: `pkg:npm/node-addon-api@${addonApi}`,
      text: () => readFileSync(join(root, 'node_modules/node-addon-api/LICENSE.md'), 'utf8'),
    },
    ...OF_ZIG,
    ...(TARGETS[target].libc === 'glibc' ? [OF_GLIBC] : []),
  ]
}

export const noticesOf = (target) =>
  render(
    'The addon of tidemark in this package contains the software below. Their licences follow.',
    contentsOf(target),
  )
