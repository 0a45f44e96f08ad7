// Run: one step of a build, its output in a log file.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** On failure the log's end is the error. */
export function run(command, args, { cwd, logFile, env = process.env }) {
  const output = openSync(logFile, 'a')
  writeSync(output, `$ ${[command, ...args].join(' ')}\n`)
  // node-gyp runs us below make; its job server is not ours.
  const { MAKEFLAGS, MFLAGS, MAKELEVEL, ...rest } = env
  const { status, error } = spawnSync(command, args, {
    cwd,
    env: rest,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  if (error) throw error
  if (status !== 0) {
    const tail = readFileSync(logFile, 'utf8').split('\n').slice(-40).join('\n')
    throw new Error(`\`${command}\` failed, see ${logFile}:\n${tail}`)
  }
}
