import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const BINDING = join(__dirname, '../../native/binding.cjs')

/** A flush that waits for a broker that is down, in a process of its own: `then` runs meanwhile. */
const PENDING = `
const { Worker, isMainThread, parentPort } = require('node:worker_threads')
const { MockCluster, Producer } = require(${JSON.stringify(BINDING)})

function flushInVain(then) {
  const cluster = new MockCluster(1)
  cluster.createTopic('t', 1)
  const config = { 'bootstrap.servers': cluster.bootstrapServers, 'linger.ms': '60000' }
  const record = new Uint8Array(28).fill(255, 16, 24)
  const producer = new Producer(config, ({ id }) => {
    if (id !== 0) throw new Error('the flush ended')
    cluster.setBrokerDown(1, true)
    producer.topic('t')
    producer.send(record, 0)
    producer.flush(1, 60_000)
    then()
  })
}
`

function run(script: string) {
  const { status, signal, stderr } = spawnSync(process.execPath, ['-e', PENDING + script], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { status, signal, stderr }
}
const CLEAN = { status: 0, signal: null, stderr: '' }

test('an open cluster and an idle producer do not keep the process alive', () => {
  const script = `
    const cluster = new MockCluster(1)
    globalThis.kept = [cluster, new Producer({ 'bootstrap.servers': cluster.bootstrapServers }, () => {})]
  `
  expect(run(script)).toEqual(CLEAN)
})

test('a process exits in the middle of a flush', () => {
  expect(run('flushInVain(() => setTimeout(() => process.exit(0), 50))')).toEqual(CLEAN)
})

test('a worker is terminated in the middle of a flush, ten times', () => {
  const script = `
    async function terminateTen() {
      for (let i = 0; i < 10; i++) {
        const source = ${JSON.stringify(PENDING)} + 'flushInVain(() => parentPort.postMessage(0))'
        const worker = new Worker(source, { eval: true })
        await new Promise((resolve) => worker.once('message', resolve))
        await worker.terminate()
      }
    }
    terminateTen()
  `
  expect(run(script)).toEqual(CLEAN)
})

test('producers that are dropped give their threads back', () => {
  const script = `
    const { readdirSync } = require('node:fs')
    const threads = () => readdirSync('/proc/self/task').length
    async function drop() {
      const before = threads()
      for (let i = 0; i < 100; i++) {
        await new Promise((resolve) => new Producer({ 'bootstrap.servers': '127.0.0.1:1' }, resolve))
      }
      const deadline = Date.now() + 10_000
      while (threads() > before + 3) {
        if (Date.now() > deadline) throw new Error(before + ' threads became ' + threads())
        gc()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    require('node:v8').setFlagsFromString('--expose-gc')
    globalThis.gc = require('node:vm').runInNewContext('gc')
    drop()
  `
  expect(run(script)).toEqual(CLEAN)
})
