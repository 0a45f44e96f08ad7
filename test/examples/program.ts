import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export const ROOT = join(__dirname, '../..')

/** A node program that runs as its users run it: from the built package, in a process of its own. */
export class Program {
  stdout = ''
  stderr = ''
  readonly ended: Promise<{
    code: number | null
    signal: NodeJS.Signals | null
  }>
  readonly #child: ChildProcess
  #onOutput = () => {}

  constructor(file: string, args: string[] = []) {
    this.#child = spawn(process.execPath, [join(ROOT, file), ...args], {
      cwd: ROOT,
    })
    this.#child.stdout?.on('data', (data) => {
      this.stdout += data
      this.#onOutput()
    })
    this.#child.stderr?.on('data', (data) => {
      this.stderr += data
    })
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject)
      this.#child.on('close', (code, signal) => {
        resolve({ code, signal })
        this.#onOutput()
      })
    })
  }

  /** Resolves when standard output matches, rejects when the program ends before that. */
  async shows(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`ended without ${pattern}: ${this.stdout}${this.stderr}`)
      }
      await new Promise<void>((resolve) => {
        this.#onOutput = resolve
      })
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}

/** Runs a program to its end; fails with its output unless it ends well. Returns what it printed. */
export async function outputOf(file: string, args: string[] = []): Promise<string> {
  const program = new Program(file, args)
  const { code, signal } = await program.ended
  if (code !== 0) {
    throw new Error(`${file} ended with ${code ?? signal}:\n${program.stdout}${program.stderr}`)
  }
  return program.stdout
}
