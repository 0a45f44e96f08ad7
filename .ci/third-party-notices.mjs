#!/usr/bin/env node
// Third-party notices: THIRD-PARTY-NOTICES.md from the licence files of what the addon contains.
//
//   node .ci/third-party-notices.mjs           writes it
//   node .ci/third-party-notices.mjs --check   fails when it is not what would be written
//
// librdkafka and the libraries inside it are read from the npm package that carries them. OpenSSL,
// zstd and zlib come from the system, without a licence file at a known place: see notices/.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LIBRDKAFKA_VERSION, packageDirectory } from '../native/librdkafka/paths.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'THIRD-PARTY-NOTICES.md')
const librdkafka = join(packageDirectory, 'deps/librdkafka')

const read = (...path) => readFileSync(join(...path), 'utf8')
const ofLibrdkafka = (suffix) => read(librdkafka, `LICENSE.${suffix}`)
const ofSystem = (name) => read(root, '.ci/notices', `${name}.txt`)

/** The comment that a source file begins with, without its stars. */
function leadingComment(file) {
  const [, comment] = read(librdkafka, 'src', file).match(/^\/\*([\s\S]*?)\*\//)
  return comment.replace(/^\*? ?/gm, '').replace(/^ \* ?/gm, '')
}

const CONTENTS = [
  [
    'librdkafka',
    `${LIBRDKAFKA_VERSION}, changed by native/librdkafka/patch`,
    'BSD-2-Clause',
    () => read(librdkafka, 'LICENSE'),
  ],
  ['cJSON', 'in librdkafka', 'MIT', () => ofLibrdkafka('cjson')],
  ['crc32c', 'in librdkafka', 'Zlib', () => ofLibrdkafka('crc32c')],
  ['FNV-1a', 'in librdkafka', 'public domain', () => ofLibrdkafka('fnv1a')],
  ['HdrHistogram', 'in librdkafka', 'MIT', () => ofLibrdkafka('hdrhistogram')],
  ['LZ4', 'in librdkafka', 'BSD-2-Clause', () => ofLibrdkafka('lz4')],
  ['MurmurHash2', 'in librdkafka', 'MIT', () => ofLibrdkafka('murmur2')],
  ['nanopb', 'in librdkafka', 'Zlib', () => ofLibrdkafka('nanopb')],
  ['OpenTelemetry protocol', 'in librdkafka', 'Apache-2.0', () => ofLibrdkafka('opentelemetry')],
  ['pycrc', 'its output in librdkafka', 'MIT', () => ofLibrdkafka('pycrc')],
  ['queue.h', 'in librdkafka', 'BSD-3-Clause', () => ofLibrdkafka('queue')],
  ['regexp', 'in librdkafka', 'public domain', () => ofLibrdkafka('regexp')],
  ['snappy-c', 'in librdkafka', 'BSD-3-Clause', () => ofLibrdkafka('snappy')],
  ['TinyCThread', 'in librdkafka', 'Zlib', () => ofLibrdkafka('tinycthread')],
  ['xxHash', 'in librdkafka', 'BSD-2-Clause', () => leadingComment('rdxxhash.c')],
  ['OpenSSL', 'linked from the system', 'Apache-2.0', () => ofSystem('openssl')],
  ['Zstandard', 'linked from the system', 'BSD-3-Clause', () => ofSystem('zstd')],
  ['zlib', 'linked from the system', 'Zlib', () => ofSystem('zlib')],
  [
    'node-addon-api',
    'compiled in',
    'MIT',
    () => read(root, 'node_modules/node-addon-api/LICENSE.md'),
  ],
]

function notices() {
  const rows = CONTENTS.map(([name, where, licence]) => `| ${name} | ${where} | ${licence} |`)
  const texts = CONTENTS.map(([name, , , text]) => {
    const lines = text().trim().split('\n')
    return `## ${name}\n\n\`\`\`text\n${lines.map((line) => line.trimEnd()).join('\n')}\n\`\`\`\n`
  })
  return `# Third-party notices

The addon of tidemark contains the software below, and @tidemark/build carries the source of
librdkafka, changed by the patch in \`native/librdkafka/patch\`. Their licences follow. apache-arrow
is not part of the package: who uses tidemark installs it.

| software | where it is | licence |
| --- | --- | --- |
${rows.join('\n')}

${texts.join('\n')}`
}

if (process.argv[2] === '--check') {
  if (readFileSync(target, 'utf8') !== notices()) {
    console.error('THIRD-PARTY-NOTICES.md is old: run node .ci/third-party-notices.mjs')
    process.exitCode = 1
  }
} else {
  writeFileSync(target, notices())
}
