import { openBroker } from './broker.mjs'
import { log } from './log.mjs'
import { recordsOf, SHAPES } from './memory-shapes.mjs'
import { buildPrograms } from './native/build.mjs'
import { loadTopic } from './topic.mjs'

/** The mock cluster for what is repeated; for what is loaded a broker, where one can be had. */
export class MemoryTopics {
  #mock = null
  #broker = null
  #testing = null

  static async open(names, bootstrap) {
    const topics = new MemoryTopics()
    topics.#testing = await import('../dist/esm/testing/index.js')
    if (!names.some((name) => SHAPES[name].work)) return topics
    buildPrograms()
    try {
      topics.#broker = await openBroker(bootstrap)
    } catch (error) {
      if (bootstrap) throw error
      log(`on the mock cluster: ${error.message}`)
    }
    return topics
  }

  /** @returns where the records of a shape are */
  async write(name, { repeated, work }, scale) {
    if (repeated) return this.#writeRepeated(name, repeated, scale)
    const planned = work(scale)
    if (this.#broker) {
      loadTopic(this.#broker.bootstrap, planned)
      return { bootstrap: this.#broker.bootstrap, topic: planned.topic }
    }
    const mock = await this.#openMock()
    mock.createTopic(planned.topic, { partitions: planned.partitions })
    loadTopic(mock.bootstrapServers, { ...planned, load: { ...planned.load, create: 0 } })
    return { bootstrap: mock.bootstrapServers, topic: planned.topic }
  }

  async close() {
    await this.#mock?.close()
    await this.#broker?.close()
  }

  async #writeRepeated(topic, { codec, bytes, inHeaders, ...shape }, scale) {
    const mock = await this.#openMock()
    mock.createTopic(topic)
    const bootstrap = mock.bootstrapServers
    const config = { 'bootstrap.servers': bootstrap, 'compression.codec': codec }
    const producer = await this.#testing.Producer.create({ config })
    const letters = 'x'.repeat(bytes)
    const content = inHeaders ? { headers: { h: letters } } : { value: letters }
    for (let i = 0; i < recordsOf(shape, scale); i++) {
      const timestamp = 1_790_000_000_000 + i
      await producer.send({ topic, partition: 0, timestamp, ...content })
    }
    await producer.flush()
    await producer.close()
    return { bootstrap, topic }
  }

  /** A new one each time: what the last one holds is not needed any more. */
  async #openMock() {
    await this.#mock?.close()
    this.#mock = this.#testing.MockCluster.start()
    return this.#mock
  }
}
