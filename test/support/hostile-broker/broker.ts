import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerApiVersions } from './api-versions.js'
import type { BytesWriter } from './bytes.js'
import { answerDescribeConfigs } from './describe-configs.js'
import { answerFetch } from './fetch.js'
import { answerListOffsets } from './list-offsets.js'
import { answerMetadata } from './metadata.js'
import { answerOffsetForLeaderEpoch } from './offset-for-leader-epoch.js'
import { type ApiName, parseRequest, type Request } from './request.js'
import { answerSaslAuthenticate, answerSaslHandshake } from './sasl.js'
import { HostileTopic } from './topic.js'

type Answer = (request: Request, broker: HostileBroker) => BytesWriter | Promise<BytesWriter>

const ANSWERS: Partial<Record<ApiName, Answer>> = {
  apiVersions: answerApiVersions,
  metadata: answerMetadata,
  listOffsets: answerListOffsets,
  describeConfigs: answerDescribeConfigs,
  offsetForLeaderEpoch: answerOffsetForLeaderEpoch,
  fetch: answerFetch,
  saslHandshake: answerSaslHandshake,
  saslAuthenticate: answerSaslAuthenticate,
}

/**
 * A broker that serves bytes as they are: what neither the mock cluster nor a real broker does. It
 * speaks just enough of Kafka's protocol for a consumer without a group.
 */
export class HostileBroker implements AsyncDisposable {
  /** Makes it an older broker: the newest version that it offers of an API. */
  readonly newestVersions: Partial<Record<ApiName, number>> = {}
  /** Gets every response before it is sent: null sends none, other bytes replace it. */
  onResponse: ((api: ApiName, frame: Buffer) => Buffer | null | Promise<Buffer>) | null = null
  /** How long it announces with a fetch response to read nothing more of that connection, in ms. */
  throttleMs = 0
  /** Fetches that came nevertheless. */
  fetchesWhileThrottled = 0
  /** What each fetch asked for, and how long it might be kept when there was nothing new. */
  readonly fetches: { partitions: number[]; waitMs: number }[] = []
  /** Lets nobody in who speaks SASL. */
  isRefusing = false
  readonly host = '127.0.0.1'
  port = 0
  /** Where it tells clients that it is; default: where it is. */
  advertised: { host: string; port: number } = this
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #waiting = new Set<() => void>()
  #throttledUntil = 0

  private constructor(
    readonly id: number,
    /** All brokers of its cluster, which serve the same topics. The first one is the controller. */
    readonly cluster: HostileBroker[],
    readonly topics: Map<string, HostileTopic>,
  ) {
    cluster.push(this)
    this.#server = createServer((socket) => this.#accept(socket))
  }

  static start(): Promise<HostileBroker> {
    return HostileBroker.#start(1, [], new Map())
  }

  /** One more broker in the same cluster. */
  startAnother(): Promise<HostileBroker> {
    return HostileBroker.#start(this.cluster.length + 1, this.cluster, this.topics)
  }

  static async #start(
    id: number,
    cluster: HostileBroker[],
    topics: Map<string, HostileTopic>,
  ): Promise<HostileBroker> {
    const broker = new HostileBroker(id, cluster, topics)
    broker.#server.listen(0, broker.host)
    await once(broker.#server, 'listening')
    broker.port = (broker.#server.address() as AddressInfo).port
    return broker
  }

  get config(): { 'bootstrap.servers': string } {
    return { 'bootstrap.servers': `${this.host}:${this.port}` }
  }

  createTopic(name: string, partitions = 1): HostileTopic {
    const topic = new HostileTopic(name, partitions, () => this.#wakeAll())
    this.topics.set(name, topic)
    return topic
  }

  /** How many clients' connections there are. */
  get connections(): number {
    return this.#sockets.size
  }

  deleteTopic(name: string): void {
    this.topics.delete(name)
    this.#wakeAll()
  }

  topicOfId(id: Buffer): HostileTopic | undefined {
    return [...this.topics.values()].find((topic) => topic.id.equals(id))
  }

  /** Begins to read nothing, and says for how long. */
  throttle(): number {
    this.#throttledUntil = Date.now() + this.throttleMs
    return this.throttleMs
  }

  /** Resolves when a log has changed, or at the deadline. */
  async somethingNew(deadline: number): Promise<true> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadline - Date.now())
      this.#waiting.add(() => {
        clearTimeout(timer)
        resolve()
      })
    })
    return true
  }

  /** Cuts all connections, and lets nobody in again. */
  refuse(): void {
    this.isRefusing = true
    this.#cut()
  }

  async close(): Promise<void> {
    this.#cut()
    this.#wake()
    this.#server.close()
    await once(this.#server, 'close')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #wakeAll(): void {
    for (const broker of this.cluster) broker.#wake()
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const wake of waiting) wake()
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy()) // the client went away
    socket.setNoDelay(true)
    let received = Buffer.alloc(0)
    // One answer after the other, as Kafka does.
    let answered = Promise.resolve()
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE()) {
        const size = received.readInt32BE()
        const request = parseRequest(Buffer.from(received.subarray(4, 4 + size)))
        received = received.subarray(4 + size)
        if (request.api === 'fetch' && Date.now() < this.#throttledUntil)
          this.fetchesWhileThrottled++
        answered = answered.then(() => this.#answer(request, socket))
      }
    })
  }

  async #answer(request: Request, socket: Socket): Promise<void> {
    const throttled = this.#throttledUntil - Date.now()
    if (throttled > 0) await sleep(throttled)
    const answer = ANSWERS[request.api]
    if (!answer) throw new Error(`the hostile broker does not answer ${request.api}`)
    const frame = request.frame(await answer(request, this))
    const sent = this.onResponse ? await this.onResponse(request.api, frame) : frame
    if (sent && !socket.destroyed) socket.write(sent)
  }
}
