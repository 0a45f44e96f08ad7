import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DEADLINE_MS } from './until.js'

const ROOT = join(__dirname, '../..')

const PREAMBLE = `
import {
  ConsumerManager, MockCluster, Producer, SourceTopic,
  collectGarbage, descriptors, fill, memory, msOf, open, replay, report, restingRss, sleep,
  startFilled, startSilentServer, threads, threadsAreBackAt, until,
} from './test/support/program.mjs'
`

export interface Outcome {
  status: number | null
  signal: NodeJS.Signals | null
  stderr: string
  /** What the program gave to `report` last, or null. */
  // biome-ignore lint/suspicious/noExplicitAny: each program reports something of its own
  result: any
}

export interface RunOptions {
  flags?: string[]
  env?: Record<string, string>
  /** How many files it may have open: `ulimit -n`. */
  openFiles?: number
  /** A command that runs the command behind it, as `['nice']`. */
  through?: string[]
  /** After it the process is killed, which shows as the signal SIGKILL. Default: four deadlines. */
  timeoutMs?: number
  /** Hears what the program reports while it still runs. */
  onReport?: (result: Outcome['result'], program: ChildProcess) => void
}

export const CLEAN = { status: 0, signal: null, stderr: '' }

/** Runs `script`, the body of a module that has program.mjs's exports, in a process of its own. */
export function run(script: string, options: RunOptions = {}): Promise<Outcome> {
  return start(script, options).outcome
}

/** A mock cluster in a process of its own, with a topic `t` filled as program.mjs's `fill` says. */
export async function startCluster(options: Record<string, unknown>) {
  let onStarted: (config: Record<string, string>) => void
  const started = new Promise<Record<string, string>>((resolve) => {
    onStarted = resolve
  })
  const { program, outcome } = start(
    `const { cluster, config } = await startFilled(${JSON.stringify(options)})
     report(config)
     process.stdin.resume().on('end', () => cluster.close())`,
    // It stays as long as the tests of a file.
    { timeoutMs: 20 * DEADLINE_MS, onReport: (config) => onStarted(config) },
  )
  const config = await Promise.race([started, outcome])
  if ('status' in config) throw new Error(`no cluster: ${JSON.stringify(config)}`)
  return {
    config: JSON.stringify(config),
    pid: program.pid,
    async stop() {
      program.kill('SIGCONT')
      program.stdin?.end()
      await outcome
    },
  }
}

function start(script: string, options: RunOptions) {
  const { flags = [], env = {}, openFiles, timeoutMs = 4 * DEADLINE_MS, onReport } = options
  const limits =
    openFiles === undefined ? [] : ['bash', '-c', `ulimit -n ${openFiles}; exec "$@"`, '']
  const [file = '', ...args] = [
    ...[...(options.through ?? []), ...limits, process.execPath, ...flags],
    ...['--input-type=module', '--eval', PREAMBLE + script],
  ]
  const program = spawn(file, args, { cwd: ROOT, env: { ...process.env, ...env } })
  const timer = setTimeout(() => program.kill('SIGKILL'), timeoutMs)
  let stderr = ''
  let result: Outcome['result'] = null
  program.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  createInterface(program.stdout).on('line', (line) => {
    result = JSON.parse(line)
    onReport?.(result, program)
  })
  const outcome = new Promise<Outcome>((resolve, reject) => {
    program.on('error', reject)
    program.on('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ status, signal, stderr, result })
    })
  })
  return { program, outcome }
}
