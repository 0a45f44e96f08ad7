// Notices: the licences of software that is contained in ours, as a page of Markdown.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LIBRDKAFKA_VERSION, packageDirectory } from '../../native/librdkafka/paths.mjs'

/**
 * What is contained: `where` says how, `licence` is an SPDX expression or `public domain`.
 * @typedef {{ name: string, where: string, licence: string, text: () => string }} Contained
 */

const source = join(packageDirectory, 'deps/librdkafka')
const read = (...path) => readFileSync(join(source, ...path), 'utf8')

/** The comment that a source file begins with, without its stars. */
export function leadingComment(text) {
  const [, comment] = text.match(/^\/\*([\s\S]*?)\*\//)
  return comment.replace(/^\*? ?/gm, '').replace(/^ \* ?/gm, '')
}

const ofLibrdkafka = (name, licence, suffix) => ({
  name,
  where: 'in librdkafka',
  licence,
  text: () => read(`LICENSE.${suffix}`),
})

/** librdkafka and the libraries inside it, out of the npm package that carries them. @type {Contained[]} */
export const LIBRDKAFKA = [
  {
    name: 'librdkafka',
    version: LIBRDKAFKA_VERSION,
    where: `${LIBRDKAFKA_VERSION}, changed by native/librdkafka/patch`,
    licence: 'BSD-2-Clause',
    text: () => read('LICENSE'),
  },
  ofLibrdkafka('cJSON', 'MIT', 'cjson'),
  ofLibrdkafka('crc32c', 'Zlib', 'crc32c'),
  ofLibrdkafka('FNV-1a', 'public domain', 'fnv1a'),
  ofLibrdkafka('HdrHistogram', 'MIT', 'hdrhistogram'),
  ofLibrdkafka('LZ4', 'BSD-2-Clause', 'lz4'),
  ofLibrdkafka('MurmurHash2', 'MIT', 'murmur2'),
  ofLibrdkafka('nanopb', 'Zlib', 'nanopb'),
  ofLibrdkafka('OpenTelemetry protocol', 'Apache-2.0', 'opentelemetry'),
  { ...ofLibrdkafka('pycrc', 'MIT', 'pycrc'), where: 'its output in librdkafka' },
  ofLibrdkafka('queue.h', 'BSD-3-Clause', 'queue'),
  ofLibrdkafka('regexp', 'public domain', 'regexp'),
  ofLibrdkafka('snappy-c', 'BSD-3-Clause', 'snappy'),
  ofLibrdkafka('TinyCThread', 'Zlib', 'tinycthread'),
  {
    name: 'xxHash',
    where: 'in librdkafka',
    licence: 'BSD-2-Clause',
    text: () => leadingComment(read('src', 'rdxxhash.c')),
  },
]

/** The page: what is contained, then the licences. */
export function render(introduction, contents) {
  const rows = contents.map(({ name, where, licence }) => `| ${name} | ${where} | ${licence} |`)
  const texts = contents.map(({ name, text }) => {
    const lines = text().trim().split('\n')
    return `## ${name}\n\n\`\`\`text\n${lines.map((line) => line.trimEnd()).join('\n')}\n\`\`\`\n`
  })
  return `# Third-party notices

${introduction}

| software | where it is | licence |
| --- | --- | --- |
${rows.join('\n')}

${texts.join('\n')}`
}
