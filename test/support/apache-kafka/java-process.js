import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'

/** @typedef {import('./guard.js').Guard} Guard */

/** A JVM whose output goes to a file. It does not keep this process alive, and never outlives it. */
export class JavaProcess {
  #java
  #logFile

  /** @param {string[]} args @param {string} logFile is added to @param {Guard} guard */
  constructor(args, logFile, guard) {
    this.#logFile = logFile
    const log = openSync(logFile, 'a')
    this.#java = spawn('java', args, { stdio: ['ignore', log, log] })
    closeSync(log)
    const { pid } = this.#java
    if (pid === undefined) throw new Error('java could not be started')
    guard.watch(pid)
    this.#java.once('exit', () => guard.forget(pid))
    this.#java.unref()
  }

  get isRunning() {
    return this.#java.exitCode === null && this.#java.signalCode === null
  }

  /** @returns {Promise<number | null>} the exit code */
  async exited() {
    if (this.isRunning) {
      this.#java.ref()
      await once(this.#java, 'exit')
    }
    return this.#java.exitCode
  }

  /** @param {NodeJS.Signals} signal */
  async end(signal) {
    if (this.isRunning) this.#java.kill(signal)
    await this.exited()
  }

  get log() {
    return readFileSync(this.#logFile, 'utf8')
  }

  /** The last lines that it printed. */
  get logTail() {
    return this.log.trimEnd().split('\n').slice(-30).join('\n')
  }
}
