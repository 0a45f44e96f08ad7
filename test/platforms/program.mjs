// Program: what a platform's binary must be able to do, as its users call it. Runs in a project with
// the packed packages, on the platform's own Node; given a folder with certificates.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:tls'
import { Worker } from 'node:worker_threads'
import { ConsumerManager, SourceTopic } from 'tidemark'
import { MockCluster, Producer } from 'tidemark/testing'

const require = createRequire(import.meta.url)
const [certificates] = process.argv.slice(2)
const RECORDS = 200
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/** Every codec written and read, across the partitions in order of time. */
async function replays() {
  const cluster = MockCluster.start()
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  for (const codec of CODECS) {
    cluster.createTopic(codec, { partitions: 2 })
    const producer = await Producer.create({ config: { ...config, 'compression.codec': codec } })
    for (let i = 0; i < RECORDS; i++) {
      const value = `${i} compresses well `.repeat(20)
      await producer.send({ topic: codec, partition: i % 2, timestamp: 1e12 + i, value })
    }
    await producer.close()
    const topics = [SourceTopic.fromEarliest(codec)]
    const manager = await ConsumerManager.create({ config, topics })
    const values = []
    while (!manager.isLive()) {
      for (const row of await manager.poll(1_000)) values.push(Buffer.from(row.value).toString())
    }
    await manager.close()
    const expected = Array.from({ length: RECORDS }, (_, i) => `${i} compresses well `.repeat(20))
    assert.deepEqual(values, expected, codec)
  }
  await cluster.close()
}

/** A server that is no Kafka, but that shows a certificate. */
async function checksCertificates() {
  const read = (name) => readFileSync(`${certificates}/${name}`)
  const server = createServer({ key: read('broker.key'), cert: read('broker.pem') })
  const accepted = new Promise((resolve) => server.on('secureConnection', resolve))
  server.on('tlsClientError', () => {})
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const create = (authority) =>
    ConsumerManager.create({
      topics: [SourceTopic.fromEarliest('t')],
      config: {
        'bootstrap.servers': `127.0.0.1:${server.address().port}`,
        'security.protocol': 'ssl',
        'ssl.ca.location': `${certificates}/${authority}`,
      },
    })
  await assert.rejects(create('other-authority.pem'), { code: 'ERR_AUTHENTICATION' })
  create('authority.pem').catch(() => {})
  await accepted
}

/** In a thread that ends while its client lives. */
const works = (script) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(script, { eval: true })
    worker.on('error', reject)
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`worker: ${code}`))))
  })

assert.equal(require('tidemark').SourceTopic.name, 'SourceTopic')
await replays()
const testing = JSON.stringify(require.resolve('tidemark/testing'))
await works(`require(${testing}).MockCluster.start().createTopic('t')`)
await checksCertificates()
console.log(`right on ${process.platform} ${process.arch}, Node ${process.version}`)
process.exit()
