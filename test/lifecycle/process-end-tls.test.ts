import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { Certificates } from '../support/certificates.js'
import { CLEAN, run } from '../support/run-program.js'

const SERVERS = 8

let certificates: Certificates
let servers: Server[]
beforeAll(async () => {
  certificates = await Certificates.create()
  // A file with the key and the certificates.
  const pem = readFileSync(certificates.keystore)
  servers = Array.from({ length: SERVERS }, () =>
    // Shakes hands and hangs up, so that the next handshake follows.
    createServer({ key: pem, cert: pem }, (socket) => socket.destroy()).listen(0, '127.0.0.1'),
  )
  await Promise.all(servers.map((server) => once(server, 'listening')))
})
afterAll(async () => {
  for (const server of servers) server.close()
  await certificates[Symbol.asyncDispose]()
})

// OpenSSL's own handler of exit freed what broker threads were using: a third of such exits crashed.
test('process.exit ends well while threads are in TLS handshakes', async () => {
  const config = {
    'bootstrap.servers': servers
      .map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`)
      .join(),
    'security.protocol': 'ssl',
    'ssl.ca.location': certificates.authority,
    'reconnect.backoff.ms': 1,
    'reconnect.backoff.max.ms': 1,
  }
  const program = `
    for (let i = 0; i < 4; i++) open(${JSON.stringify(config)}).catch(() => {})
    setTimeout(process.exit, 100 + 50 * Math.random())
  `
  for (let round = 0; round < 5; round++) {
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => run(program)))
    for (const outcome of outcomes) expect(outcome).toEqual({ ...CLEAN, result: null })
  }
})
