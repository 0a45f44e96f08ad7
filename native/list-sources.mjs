#!/usr/bin/env node
// What the addon is built from: sources.gypi names files and folders; of a folder it is every .cc
// that is not a test. All builds ask here, so that nobody edits a second list.
//
//   node native/list-sources.mjs core|engine|addon|defines|cflags
//   node native/list-sources.mjs ldflags [platform]     this one's, if none is given
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const { variables } = JSON.parse(readFileSync(join(here, 'sources.gypi'), 'utf8'))
const [kind, platform = process.platform] = process.argv.slice(2)
const listed = variables[`tidemark_${kind}`]
const entries = Array.isArray(listed) ? listed : listed?.[platform]
if (!entries) throw new Error(`list-sources: no such list: ${kind}`)

const isSourceList = ['core', 'engine', 'addon'].includes(kind)
const expand = (entry) =>
  entry.endsWith('.cc')
    ? [entry]
    : readdirSync(join(here, entry))
        .filter((name) => name.endsWith('.cc') && !name.endsWith('_test.cc'))
        .map((name) => `${entry}/${name}`)
const root = join(here, '..')
const lines = isSourceList
  ? entries.flatMap(expand).map((file) => relative(root, join(here, file)))
  : entries.map((entry) => entry.replace('<native>/', here))
console.log((isSourceList ? lines.sort() : lines).join('\n'))
