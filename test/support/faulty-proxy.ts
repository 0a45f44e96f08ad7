import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** How bytes go through, in both directions. */
export interface Link {
  /** They are passed on in pieces of so many. */
  pieceBytes?: number
  bytesPerSecond?: number
  /** Each piece waits for a random time of up to so much. */
  jitterMs?: number
}

interface Connection {
  client: Socket
  broker: Socket
  /** Whatever comes is thrown away, for good: to its ends it looks alive. */
  isSilent: boolean
}

/** One that is to come, or has come. */
export interface Reset {
  /** Of `answeredBytes`. */
  readonly at: number
  hasHappened: boolean
}

/** A network with faults: stands between a client and the broker at `target`. */
export class FaultyProxy implements AsyncDisposable {
  /** May be changed at any time. */
  link: Link = {}
  /** Connections so far. */
  accepted = 0
  /** Bytes that came to clients so far. */
  answeredBytes = 0
  readonly host = '127.0.0.1'
  port = 0
  #server: Server
  #isBlackHole = false
  #reset: Reset = { at: Number.POSITIVE_INFINITY, hasHappened: false }
  readonly #connections = new Set<Connection>()

  private constructor(readonly target: { host: string; port: number }) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket))
  }

  static async start(target: { host: string; port: number }): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target)
    await proxy.accept()
    return proxy
  }

  get config(): { 'bootstrap.servers': string } {
    return { 'bootstrap.servers': `${this.host}:${this.port}` }
  }

  /** Takes connections and never answers, or does again; those that it had are lost for good. */
  set isBlackHole(isBlackHole: boolean) {
    this.#isBlackHole = isBlackHole
    for (const connection of this.#connections) connection.isSilent = true
  }

  /** The brokers' ends are closed, and nobody tells the clients: a router forgot the connections. */
  loseBrokers(): void {
    for (const connection of this.#connections) {
      connection.isSilent = true
      connection.broker.destroy()
    }
  }

  /** Clients are told that nothing more will come, but may go on sending. */
  endAnswers(): void {
    for (const connection of this.#connections) {
      connection.isSilent = true
      connection.client.end()
    }
  }

  /**
   * Resets a connection when so many more bytes have come through it, or others, to clients; another
   * reset that was to come does not.
   */
  resetAfter(bytes: number): Reset {
    this.#reset = { at: this.answeredBytes + bytes, hasHappened: false }
    return this.#reset
  }

  /** Ends all connections. */
  cut(): void {
    for (const { client, broker } of this.#connections) {
      client.destroy()
      broker.destroy()
    }
  }

  /** Ends all connections, and takes no new ones until `accept`. */
  async refuse(): Promise<void> {
    this.cut()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** On the same port as before. */
  async accept(): Promise<void> {
    this.#server.listen(this.port, this.host)
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    return this.refuse()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #accept(client: Socket): void {
    this.accepted++
    const broker = connect({ ...this.target, allowHalfOpen: true })
    const connection = { client, broker, isSilent: this.#isBlackHole }
    this.#connections.add(connection)
    client.once('close', () => {
      this.#connections.delete(connection)
      broker.destroy()
    })
    for (const socket of [client, broker]) {
      socket.setNoDelay(true)
      socket.on('error', () => socket.destroy())
    }
    void this.#carry(connection, client, broker)
    void this.#carry(connection, broker, client)
  }

  async #carry(connection: Connection, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const bytes of from) {
        for (const piece of piecesOf(bytes, this.link)) {
          await this.#delay(piece)
          if (connection.isSilent) break
          await this.#pass(piece, to, to === connection.client)
        }
      }
      if (!connection.isSilent) to.end()
    } catch {
      if (!connection.isSilent) to.destroy() // reset by the other end
    }
  }

  async #pass(piece: Buffer, to: Socket, isAnswer: boolean): Promise<void> {
    if (isAnswer) {
      this.answeredBytes += piece.length
      if (!this.#reset.hasHappened && this.answeredBytes >= this.#reset.at) {
        // What is written now would be thrown away by the reset.
        to.write(piece.subarray(0, piece.length >> 1), () => to.resetAndDestroy())
        this.#reset.hasHappened = true
        return
      }
    }
    if (!to.destroyed && !to.write(piece)) await once(to, 'drain')
  }

  async #delay({ length }: Buffer): Promise<void> {
    const { bytesPerSecond, jitterMs = 0 } = this.link
    const ms = (bytesPerSecond ? (1e3 * length) / bytesPerSecond : 0) + Math.random() * jitterMs
    if (ms > 0) await sleep(ms)
  }
}

function* piecesOf(bytes: Buffer, { pieceBytes = bytes.length }: Link): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}
