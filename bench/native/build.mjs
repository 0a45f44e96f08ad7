// Compiles the native programs into build/bench. make does only what is not done yet.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('.', import.meta.url))
export const buildDirectory = fileURLToPath(new URL('../../build/bench', import.meta.url))

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
}

/** Where the native program is. */
export const program = (name) => join(buildDirectory, name)

/**
 * Builds the programs where sources, flags or librdkafka have changed. It configures anew each time,
 * which takes a second: Google Benchmark may have been installed since.
 */
export function buildPrograms() {
  mkdirSync(buildDirectory, { recursive: true })
  run('cmake', ['-S', source, '-B', buildDirectory, '-G', 'Unix Makefiles'])
  run('make', ['-C', buildDirectory, '-j2'])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildPrograms()
