// Patch: all that tidemark changes in librdkafka's source. See ../README.md.
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { admin } from './admin.mjs'
import { certificates } from './certificates.mjs'
import { codecs } from './codecs.mjs'
import { conf } from './conf.mjs'
import { connection } from './connection.mjs'
import { applyEdits } from './edit.mjs'
import { failedClient } from './failed-client.mjs'
import { fetchResponse } from './fetch-response.mjs'
import { fetchResume } from './fetch-resume.mjs'
import { fetchShare } from './fetch-share.mjs'
import { fetchWait } from './fetch-wait.mjs'
import { fields } from './fields.mjs'
import { includesAndBuild } from './includes.mjs'
import { memory } from './memory.mjs'
import { mock } from './mock.mjs'
import { reader } from './reader.mjs'
import { settings } from './settings.mjs'
import { topic } from './topic.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const FILES = readdirSync(HERE).sort()

/** All edits. Their order says nothing. */
export const EDITS = [
  ...admin,
  ...certificates,
  ...codecs,
  ...conf,
  ...connection,
  ...failedClient,
  ...fetchResponse,
  ...fetchResume,
  ...fetchShare,
  ...fetchWait,
  ...fields,
  ...includesAndBuild(FILES.filter((name) => name.endsWith('.c'))),
  ...memory,
  ...mock,
  ...reader,
  ...settings,
  ...topic,
]

/** The patch's own files, in a fixed order: what a stamp must cover. */
export const patchFiles = FILES.map((name) => join(HERE, name))

/** Patches the tree of librdkafka at `source` in place. */
export function applyPatch(source) {
  const src = join(source, 'src')
  applyEdits(src, EDITS)
  for (const name of FILES) {
    if (/\.[ch]$/.test(name)) copyFileSync(join(HERE, name), join(src, name))
  }
}
