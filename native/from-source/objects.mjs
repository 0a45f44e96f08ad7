// Objects: many source files compiled, as many at once as there are processors.
import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

function compile(compiler, args, { cwd, env, logFile }) {
  return new Promise((resolve, reject) => {
    const process = spawn(compiler, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [process.stdout, process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    process.on('error', reject)
    process.on('close', (status) => {
      const line = [compiler, ...args].join(' ')
      appendFileSync(logFile, `${line}\n${output}`)
      if (status === 0) resolve()
      else reject(new Error(`${line} failed:\n${output}`))
    })
  })
}

/** Compiles `files`, relative to `cwd`, into `directory`. Returns the paths of the objects. */
export async function compileObjects(compiler, files, flags, { directory, ...options }) {
  const objects = files.map((file) => join(directory, `${file.replaceAll('/', '_')}.o`))
  const waiting = files.map((file, index) => [...flags, '-c', file, '-o', objects[index]])
  const faults = []
  const work = async () => {
    while (waiting.length > 0 && faults.length === 0) {
      await compile(compiler, waiting.shift(), options).catch((fault) => faults.push(fault))
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  if (faults.length > 0) throw faults[0]
  return objects
}
