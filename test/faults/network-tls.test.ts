import { readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createServer as createTlsServer } from 'node:tls'
import { Certificates } from '../support/certificates.js'
import type { HostileBroker } from '../support/hostile-broker/index.js'
import { fill, setHostileScene } from './hostile-scene.js'
import { expectRight, readReplay } from './read-replay.js'

const ENCRYPTED = 23 // of the types that a TLS record can have
const HEADER_BYTES = 5

let certificates: Certificates
beforeAll(async () => {
  certificates = await Certificates.create()
})
afterAll(() => certificates[Symbol.asyncDispose]())

let broker: HostileBroker
setHostileScene((scene) => {
  broker = scene.broker
  fill(scene.log)
})

test('the TLS alert for a request that was damaged on its way is no refusal', async () => {
  const right = await readReplay(broker)
  const pem = await readFile(certificates.keystore)
  await using tls = await Listening.on(
    createTlsServer({ key: pem, cert: pem, minVersion: 'TLSv1.3' }, (client) => {
      const behind = connect(broker.port, broker.host)
      pipeline(client, behind, client).catch(() => behind.destroy())
    }).on('tlsClientError', () => undefined),
  )
  let connections = 0
  await using network = await Listening.on(
    createServer((client) => {
      const server = connect(tls.port)
      const isDamaged = ++connections === 1
      const sent = isDamaged ? client.pipe(damageOfRequests()) : client
      pipeline(sent, server).catch(() => undefined)
      pipeline(server, client).catch(() => undefined)
    }),
  )
  broker.advertised = { host: broker.host, port: network.port }
  const config = {
    'bootstrap.servers': `${broker.host}:${network.port}`,
    'security.protocol': 'ssl' as const,
    'ssl.ca.location': certificates.authority,
  }
  expectRight(await readReplay({ config }), right)
  expect(connections).toBeGreaterThan(1)
})

/** A server that has a port of its own, and no connection when it is disposed of. */
class Listening implements AsyncDisposable {
  private constructor(private readonly server: Server) {}

  static async on(server: Server): Promise<Listening> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Listening(server)
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve))
  }
}

/** Changes the last byte of each encrypted TLS record, but of the one that ends the handshake. */
function damageOfRequests(): Transform {
  let encrypted = 0
  let rest = Buffer.alloc(0)
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      rest = Buffer.concat([rest, bytes])
      while (rest.length >= HEADER_BYTES) {
        const size = HEADER_BYTES + rest.readUInt16BE(3)
        if (rest.length < size) break
        const record = Buffer.from(rest.subarray(0, size))
        rest = rest.subarray(size)
        if (record[0] === ENCRYPTED && ++encrypted > 1) {
          record.writeUInt8(record.readUInt8(size - 1) ^ 1, size - 1)
        }
        this.push(record)
      }
      done()
    },
  })
}
