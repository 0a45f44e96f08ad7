import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { ConsumerManager, type KafkaOptions, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { until } from '../support/until.js'

/** Counts who connects; says nothing. */
let server: Server
let address: string
let connections: number
beforeAll(async () => {
  server = createServer((socket) => {
    connections++
    socket.on('error', () => {}).destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  connections = 0
})
afterAll(() => server.close())

/** Those before its own: connections are taken in order. */
async function connectionsSoFar(): Promise<number> {
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) =>
    connect(port, '127.0.0.1').on('error', resolve).on('close', resolve),
  )
  return connections - 1
}

const threadsOfClients = () =>
  readdirSync('/proc/self/task')
    .map((id) => readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim())
    .filter((name) => /^(rdk:|tidemark)/.test(name))

const KEY = '-----BEGIN PRIVATE KEY-----\\nc2VzYW1l\\n-----END PRIVATE KEY-----'

test.each<[string, object]>([
  [
    'SASL without a protocol that has it',
    { 'sasl.mechanisms': 'PLAIN', 'sasl.username': 'u', 'sasl.password': 'sesame' },
  ],
  ['SASL with TLS alone', { 'security.protocol': 'ssl', 'sasl.password': 'sesame' }],
  ['a CA without a protocol that has TLS', { 'ssl.ca.location': '/etc/ssl/ca.pem' }],
  [
    'a CA with SASL alone',
    { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN', 'ssl.ca.location': '/ca' },
  ],
  ['a scheme that contradicts', { 'bootstrap.servers': 'SSL://{address}' }],
  ['a scheme that is none', { 'bootstrap.servers': 'kafka://{address}' }],
  ['a port that is too large', { 'bootstrap.servers': '127.0.0.1:99999' }],
  ['two names that differ', { 'metadata.broker.list': '127.0.0.1:1' }],
  ['PEM without line ends', { 'security.protocol': 'ssl', 'ssl.key.pem': KEY }],
  ['PEM for a file', { 'security.protocol': 'ssl', 'ssl.key.location': KEY }],
  ["another client's ssl", { ssl: true }],
  ["another client's servers", { brokers: ['{address}'] }],
])('%s starts no thread and connects to nobody', async (_what, given) => {
  const config: KafkaOptions['config'] = JSON.parse(
    JSON.stringify({ 'bootstrap.servers': '{address}', ...given }).replaceAll('{address}', address),
  )
  const topics = [SourceTopic.fromEarliest('t')]
  for (const creating of [
    ConsumerManager.create({ config, topics }),
    Producer.create({ config }),
  ]) {
    await expect(creating).rejects.toMatchObject({
      name: 'TidemarkError',
      code: 'ERR_INVALID_OPTION',
      message: expect.not.stringMatching(/sesame|c2VzYW1l/),
    })
  }
  expect(await connectionsSoFar()).toBe(0)
  expect(threadsOfClients()).toEqual([])
})

test('a client that is let through is seen by both counts', async () => {
  const config = { 'bootstrap.servers': address }
  const creating = ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest('t')],
    createTimeoutMs: 2_000,
  })
  // A thread names itself, once it runs.
  await until('there are its threads', () => threadsOfClients().includes('tidemark'))
  await expect(creating).rejects.toMatchObject({ code: 'ERR_CREATE_TIMEOUT' })
  expect(await connectionsSoFar()).toBeGreaterThan(0)
})
