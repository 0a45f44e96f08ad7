// Stage: a step of one target's build. It is done again only if what goes into it has changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stageDirectory } from './paths.mjs'

export const log = (message) => process.stderr.write(`prebuild: ${message}\n`)

/**
 * Does `work(directory, logFile)` in the stage's own, empty directory, unless it was done with the
 * same `inputs` before. Returns the directory, and a key that stands for all that went into it.
 */
export async function stage(target, name, inputs, work) {
  const directory = stageDirectory(target, name)
  const stamp = join(directory, 'stamp')
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return { directory, key }
  const started = performance.now()
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  await work(directory, join(directory, 'build.log'))
  // Last: an interrupted stage has no stamp and is done again.
  writeFileSync(stamp, key)
  log(`${target}: ${name} (${((performance.now() - started) / 1e3).toFixed(0)} s)`)
  return { directory, key }
}
