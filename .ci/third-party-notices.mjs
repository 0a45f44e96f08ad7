#!/usr/bin/env node
// Third-party notices: THIRD-PARTY-NOTICES.md from the licence files of what the addon contains.
//
//   node .ci/third-party-notices.mjs           writes it
//   node .ci/third-party-notices.mjs --check   fails when it is not what would be written
//
// This is the addon that a user builds: OpenSSL, zstd and zlib come from the system, without a licence
// file at a known place, see notices/. The notices of the platform packages are prebuild/notices.mjs's.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LIBRDKAFKA, render } from './notices/notices.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const target = join(root, 'THIRD-PARTY-NOTICES.md')

const read = (...path) => readFileSync(join(root, ...path), 'utf8')
const ofSystem = (name, licence, file) => ({
  name,
  where: 'linked from the system',
  licence,
  text: () => read('.ci/notices', file),
})

const CONTENTS = [
  ...LIBRDKAFKA,
  ofSystem('OpenSSL', 'Apache-2.0', 'openssl.txt'),
  ofSystem('Zstandard', 'BSD-3-Clause', 'zstd.txt'),
  ofSystem('zlib', 'Zlib', 'zlib.txt'),
  {
    name: 'node-addon-api',
    where: 'compiled in',
    licence: 'MIT',
    text: () => read('node_modules/node-addon-api/LICENSE.md'),
  },
]

const INTRODUCTION = `The addon of tidemark contains the software below, and @tidemark/build carries the source of
librdkafka, changed by the patch in \`native/librdkafka/patch\`. Their licences follow. apache-arrow
is not part of the package: who uses tidemark installs it.`

const notices = () => render(INTRODUCTION, CONTENTS)

if (process.argv[2] === '--check') {
  if (readFileSync(target, 'utf8') !== notices()) {
    console.error('THIRD-PARTY-NOTICES.md is old: run node .ci/third-party-notices.mjs')
    process.exitCode = 1
  }
} else {
  writeFileSync(target, notices())
}
