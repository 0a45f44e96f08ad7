import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const RUNNER = fileURLToPath(new URL('./contenders/run.mjs', import.meta.url))
const TIMEOUT_MS = 600_000

/**
 * Starts one run of a contender in a process of its own.
 *
 * @returns {{ ready: Promise<void>, figures: Promise<object>, startedAtMs: number }} `ready` in live
 *   alone: the contender reads
 */
export function launch(contender, settings) {
  const { file, args, parse } = contender.command?.(settings) ?? {
    file: process.execPath,
    args: [RUNNER, contender.name, JSON.stringify(settings)],
  }
  const startedAtMs = performance.timeOrigin + performance.now()
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS)
  const lines = []
  let errors = ''
  let tellReady
  const ready = new Promise((resolve) => (tellReady = resolve))
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors = (errors + text).slice(-20_000)
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') tellReady()
    else lines.push(line)
  })
  const figures = new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (code !== 0) {
        reject(new Error(`${contender.name} failed (${signal ?? `exit code ${code}`}): ${errors}`))
        return
      }
      resolve(parse ? parse(lines.join('\n'), errors) : JSON.parse(lines.at(-1)))
    })
  })
  // One that fails never gets ready. In a replay nobody waits for this.
  const readyOrFailed = Promise.race([ready, figures.then(() => {})])
  readyOrFailed.catch(() => {})
  return { ready: readyOrFailed, figures, startedAtMs }
}
