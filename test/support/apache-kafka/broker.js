import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { JavaProcess } from './java-process.js'

const LOGGING = fileURLToPath(new URL('./log4j2.properties', import.meta.url))
const START_TIMEOUT_MS = 240_000
const STOP_TIMEOUT_MS = 30_000
/** What starts soonest, and what serves most once it is warm. */
const QUICK = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const THROUGHPUT = ['-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20']
const STARTED = 'Kafka Server started'

/** One broker, which is a controller too, in a JVM of its own. */
export class Broker {
  /** @type {JavaProcess | null} */
  #java = null
  #settings

  /**
   * @param {object} settings
   * @param {number} settings.id
   * @param {Record<string, number>} settings.ports by listener name
   * @param {import('./jars.js').Jars} settings.jars
   * @param {boolean} settings.makesArchive
   * @param {string} settings.heap
   * @param {boolean} settings.throughput
   * @param {string} settings.folder
   * @param {import('./guard.js').Guard} settings.guard
   */
  constructor(settings) {
    this.#settings = settings
  }

  get id() {
    return this.#settings.id
  }

  /** By listener name, as { PLAINTEXT: 20001, CONTROLLER: 20002 }. */
  get ports() {
    return this.#settings.ports
  }

  get isRunning() {
    return this.#java?.isRunning ?? false
  }

  /** It is to be stopped, not killed. */
  get makesArchive() {
    return this.#settings.makesArchive && !this.#settings.jars.archive.exists
  }

  /** Where its logs of partitions lie, in folders named topic-partition. */
  get dataFolder() {
    return join(this.#settings.folder, 'data')
  }

  get #propertiesFile() {
    return join(this.#settings.folder, 'server.properties')
  }

  /** @param {Record<string, string | number | boolean>} properties for the next start */
  async configure(properties) {
    await mkdir(this.#settings.folder, { recursive: true })
    const all = { ...properties, 'log.dirs': this.dataFolder }
    const lines = Object.entries(all).map(([name, value]) => `${name}=${escaped(String(value))}\n`)
    await writeFile(this.#propertiesFile, lines.join(''))
  }

  /** @param {string} clusterId @param {string[]} args of kafka-storage.sh format */
  async format(clusterId, args) {
    const storage = this.#run(
      'kafka.tools.StorageTool',
      ['format', '-t', clusterId, '-c', this.#propertiesFile, ...args],
      this.#settings.jars.archive.use,
    )
    if ((await storage.exited()) !== 0) {
      throw new Error(`the storage of broker ${this.id} was not formatted:\n${storage.logTail}`)
    }
  }

  /** Resolves when it answers clients; for that, most of the cluster's brokers must be starting. */
  async start() {
    if (this.isRunning) throw new Error(`broker ${this.id} is running`)
    const before = this.#java?.log.length ?? 0
    const { archive } = this.#settings.jars
    const options = this.makesArchive ? archive.make(this.#key) : archive.use
    const java = this.#run('kafka.Kafka', [this.#propertiesFile], options)
    this.#java = java
    const deadline = Date.now() + START_TIMEOUT_MS
    while (!java.log.slice(before).includes(STARTED)) {
      const timedOut = Date.now() > deadline
      if (timedOut) await java.end('SIGKILL')
      if (!java.isRunning) {
        const what = timedOut ? `within ${START_TIMEOUT_MS / 1000} s` : 'but ended'
        throw new Error(`broker ${this.id} did not start ${what}:\n${java.logTail}`)
      }
      await sleep(50)
    }
  }

  /** Hands its partitions over to others, and ends. */
  async stop() {
    const timer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS)
    await this.#java?.end('SIGTERM')
    clearTimeout(timer)
    if (this.makesArchive) await this.#settings.jars.archive.keep(this.#key)
  }

  /** Ends it as a power failure would. */
  async kill() {
    await this.#java?.end('SIGKILL')
  }

  /** The last lines that it printed. */
  get logTail() {
    return this.#java?.logTail ?? ''
  }

  /** No other broker has it. */
  get #key() {
    return basename(dirname(this.#settings.folder))
  }

  /** @param {string} main @param {string[]} args @param {string[]} further options of the JVM */
  #run(main, args, further) {
    const { jars, heap, throughput, folder, guard } = this.#settings
    const options = [...(throughput ? THROUGHPUT : QUICK), ...further, `-Xmx${heap}`]
    options.push(`-Dlog4j2.configurationFile=${LOGGING}`, '-cp', jars.classPath, main)
    return new JavaProcess([...options, ...args], join(folder, 'server.log'), guard)
  }
}

/** @param {string} value as java.util.Properties reads it */
function escaped(value) {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
