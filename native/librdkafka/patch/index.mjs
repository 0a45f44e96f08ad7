// Patch: all that tidemark changes in librdkafka's source. See ../README.md.
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { admin } from './admin.mjs'
import { codecs } from './codecs.mjs'
import { conf } from './conf.mjs'
import { connection } from './connection.mjs'
import { applyEdits } from './edit.mjs'
import { fetchLimits } from './fetch-limits.mjs'
import { fetchResponse } from './fetch-response.mjs'
import { fetchResume } from './fetch-resume.mjs'
import { fetchShare } from './fetch-share.mjs'
import { fetchWait } from './fetch-wait.mjs'
import { interceptors } from './interceptors.mjs'
import { message } from './message.mjs'
import { mock } from './mock.mjs'
import { partitionEof } from './partition-eof.mjs'
import { reader } from './reader.mjs'
import { topic } from './topic.mjs'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const EDITS = [
  ...conf,
  ...message,
  ...fetchWait,
  ...fetchLimits,
  ...partitionEof,
  ...fetchResponse,
  ...fetchResume,
  ...fetchShare,
  ...connection,
  ...admin,
  ...topic,
  ...interceptors,
  ...reader,
  ...codecs,
  ...mock,
]

/** The patch's own files, in a fixed order: what a stamp must cover. */
export const patchFiles = readdirSync(HERE)
  .sort()
  .map((name) => join(HERE, name))

/** Patches the tree of librdkafka at `source` in place. */
export function applyPatch(source) {
  const src = join(source, 'src')
  applyEdits(src, EDITS)
  for (const name of readdirSync(HERE)) {
    if (/\.[ch]$/.test(name)) copyFileSync(join(HERE, name), join(src, name))
  }
}
