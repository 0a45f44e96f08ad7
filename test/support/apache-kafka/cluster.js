import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Broker } from './broker.js'
import { Guard } from './guard.js'
import { fetchJars, VERSION } from './jars.js'
import { freePorts } from './ports.js'
import { testProperties } from './properties.js'

/** @typedef {import('./jars.js').Jars} Jars */
/** @typedef {Record<string, string | number | boolean>} Properties */

/**
 * @typedef {object} ApacheKafkaOptions
 * @property {number} [brokers] they have the ids 1, 2, and so on; default 1
 * @property {string[]} [listeners] any of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL: each broker gets
 *   a port for each; the first one serves between brokers. Default PLAINTEXT alone
 * @property {Properties | ((broker: { id: number, ports: Record<string, number> }) => Properties)}
 *   [properties] added to server.properties, or instead of what is there
 * @property {string[]} [format] further arguments of kafka-storage.sh format, as --add-scram
 * @property {string} [heap] of each JVM; default 1g for one broker, 512m for several
 * @property {boolean} [throughput] true: brokers that serve more, and start more slowly
 */

const CONTROLLER = 'CONTROLLER'
/** Another process may take a port before the broker does. */
const TRIES = 3

/** Apache Kafka's own brokers on 127.0.0.1, fetched from Maven Central, with data in a temp folder. */
export class ApacheKafka {
  #guard
  #options
  #brokers
  #properties

  /**
   * @param {Guard} guard
   * @param {Required<ApacheKafkaOptions>} options
   * @param {Broker[]} brokers
   */
  constructor(guard, options, brokers) {
    this.#guard = guard
    this.#options = options
    this.#brokers = brokers
    /** Of each broker, by id. */
    this.#properties = new Map(brokers.map(({ id }) => [id, /** @type {Properties} */ ({})]))
  }

  static version = VERSION

  /** @returns {Promise<string | null>} what the machine lacks; null when `start` can be called */
  static async missing() {
    const jars = await fetchJars()
    return 'missing' in jars ? jars.missing : null
  }

  /**
   * Resolves when every broker answers.
   *
   * @param {ApacheKafkaOptions} [options]
   * @returns {Promise<ApacheKafka>}
   */
  static async start(options = {}) {
    const jars = await fetchJars()
    if ('missing' in jars) throw new Error(jars.missing)
    const { brokers = 1, heap = brokers === 1 ? '1g' : '512m' } = options
    const { listeners = ['PLAINTEXT'], properties = {}, format = [], throughput = false } = options
    const all = { brokers, heap, throughput, listeners, properties, format }
    for (let tries = 1; ; tries++) {
      const kafka = await ApacheKafka.#create(jars, all)
      try {
        await kafka.#formatAndStart()
        return kafka
      } catch (error) {
        await kafka.close()
        if (tries === TRIES || !/Address already in use/.test(String(error))) throw error
      }
    }
  }

  /** @param {Jars} jars @param {Required<ApacheKafkaOptions>} options */
  static async #create(jars, options) {
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-kafka-'))
    const guard = new Guard(folder)
    const names = [...options.listeners, CONTROLLER]
    const ports = await freePorts(names.length * options.brokers)
    const brokers = Array.from({ length: options.brokers }, (_, i) => {
      const own = Object.fromEntries(
        names.map((name) => [name, /** @type {number} */ (ports.pop())]),
      )
      const { heap, throughput } = options
      const settings = { jars, heap, throughput, guard, ports: own, makesArchive: i === 0 }
      return new Broker({ ...settings, id: i + 1, folder: join(folder, String(i + 1)) })
    })
    return new ApacheKafka(guard, options, brokers)
  }

  async #formatAndStart() {
    // It begins with an A: kafka-storage takes one that begins with a dash for an option.
    const clusterId = Buffer.concat([Buffer.of(0), randomBytes(15)]).toString('base64url')
    await Promise.all(
      this.#brokers.map(async (broker) => {
        await this.#configure(broker)
        await broker.format(clusterId, this.#options.format)
      }),
    )
    await Promise.all(this.#brokers.map((broker) => broker.start()))
  }

  /** @param {string} [listener] default: the first @returns {string} host:port of each broker */
  bootstrapServers(listener = this.#options.listeners[0]) {
    return this.#brokers
      .map(({ ports }) => `127.0.0.1:${ports[/** @type {string} */ (listener)]}`)
      .join(',')
  }

  /** @param {number} id from 1 on @returns {Broker} to stop, kill and start */
  broker(id) {
    const broker = this.#brokers[id - 1]
    if (!broker) throw new Error(`there is no broker ${id}, only 1 to ${this.#brokers.length}`)
    return broker
  }

  /**
   * Stops a broker, unless it is down, and starts it again.
   *
   * @param {number} id
   * @param {Properties} [properties] changed from now on
   */
  async restart(id, properties = {}) {
    const broker = this.broker(id)
    await broker.stop()
    await this.#configure(broker, properties)
    await broker.start()
  }

  /** Ends all brokers at once, and removes their data. Idempotent. */
  async close() {
    await Promise.all(
      this.#brokers.map((broker) => (broker.makesArchive ? broker.stop() : broker.kill())),
    )
    await this.#guard.end()
  }

  /** `await using`: closes. */
  [Symbol.asyncDispose]() {
    return this.close()
  }

  /** @param {Broker} broker @param {Properties} [changes] */
  async #configure(broker, changes = {}) {
    const { id, ports } = broker
    const { properties } = this.#options
    const own = typeof properties === 'function' ? properties({ id, ports }) : properties
    const further = { ...this.#properties.get(id), ...changes }
    this.#properties.set(id, further)
    await broker.configure({ ...this.#defaults(broker), ...own, ...further })
  }

  /** @param {Broker} broker @returns {Properties} */
  #defaults({ id, ports }) {
    const { listeners, brokers } = this.#options
    const addresses = (/** @type {string[]} */ names) =>
      names.map((name) => `${name}://127.0.0.1:${ports[name]}`).join(',')
    const voters = this.#brokers.map((voter) => `${voter.id}@127.0.0.1:${voter.ports[CONTROLLER]}`)
    return {
      'node.id': id,
      'process.roles': 'broker,controller',
      'controller.quorum.voters': voters.join(','),
      'controller.listener.names': CONTROLLER,
      listeners: addresses([...listeners, CONTROLLER]),
      'advertised.listeners': addresses(listeners),
      'inter.broker.listener.name': /** @type {string} */ (listeners[0]),
      'listener.security.protocol.map': [`${CONTROLLER}:PLAINTEXT`]
        .concat(listeners.map((name) => `${name}:${name}`))
        .join(','),
      ...testProperties(brokers),
    }
  }
}
