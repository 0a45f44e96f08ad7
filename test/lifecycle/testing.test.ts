import { join } from 'node:path'
import { CLEAN, run } from '../support/run-program.js'

const MODULE = JSON.stringify(join(__dirname, '../support/program.mjs'))

/** A flush that waits for a broker that is down. */
const FLUSHING = `
  const cluster = MockCluster.start()
  cluster.createTopic('t')
  const config = { 'bootstrap.servers': cluster.bootstrapServers, 'linger.ms': 60_000 }
  const producer = await Producer.create({ config })
  cluster.setBrokerDown(1, true)
  await producer.send({ topic: 't', value: 'x' })
  const flushed = producer.flush()
`

test('an open cluster and an idle producer do not keep the process alive', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 0 })
    globalThis.kept = [cluster, await Producer.create({ config })]
  `)
  expect(outcome).toEqual({ ...CLEAN, result: null })
})

test.each([
  ['in the same turn', 'process.exit(0)'],
  ['in a later turn', 'setTimeout(() => process.exit(0), 20)'],
])('a process exits in the middle of a flush, %s', async (_when, exit) => {
  expect(await run(FLUSHING + exit)).toEqual({ ...CLEAN, result: null })
})

test('a worker is terminated in the middle of a flush, ten times', async () => {
  const outcome = await run(`
    const { Worker } = await import('node:worker_threads')
    const source = \`
      import(${MODULE}).then(async ({ MockCluster, Producer }) => {
        ${FLUSHING}
        require('node:worker_threads').parentPort.postMessage(0)
      })
    \`
    for (let i = 0; i < 10; i++) {
      const worker = new Worker(source, { eval: true, execArgv: [] })
      await new Promise((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
      })
      await worker.terminate()
    }
  `)
  expect(outcome).toEqual({ ...CLEAN, result: null })
})

test('producers that are dropped give their threads back', async () => {
  const outcome = await run(`
    const config = { 'bootstrap.servers': '127.0.0.1:1' }
    await (await Producer.create({ config })).close()
    const before = threads()
    for (let i = 0; i < 100; i++) await Producer.create({ config })
    const most = threads()
    await until('the threads are gone', async () => {
      await collectGarbage()
      return threads() <= before
    })
    report(most > before)
  `)
  expect(outcome).toEqual({ ...CLEAN, result: true })
})
