import { join } from 'node:path'
import { CLEAN, run, startCluster } from '../support/run-program.js'

/** A worker reads this cluster; the main thread starts and ends workers. */
let cluster: Awaited<ReturnType<typeof startCluster>>
beforeAll(async () => {
  cluster = await startCluster({ records: 50_000, partitions: 4 })
})
afterAll(() => cluster.stop())

const MODULE = join(__dirname, '../support/program.mjs')

/** `body` runs in workers, with program.mjs's exports, `config` and `tell`. */
function workers(body: string): string {
  return `
    const { Worker } = await import('node:worker_threads')
    const source = \`
      const { parentPort } = require('node:worker_threads')
      const tell = (message) => parentPort.postMessage(message)
      import(${JSON.stringify(MODULE)}).then(async (program) => {
        const { collectGarbage, open, replay, sleep, startSilentServer, threads } = program
        const config = ${cluster.config}
        ${body}
      })
    \`
    const startWorker = () => new Worker(source, { eval: true, execArgv: [] })
    const heard = (worker) => new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
  `
}

test('several managers in several workers work side by side', async () => {
  const outcome = await run(`${workers(`
      const managers = await Promise.all([open(config), open(config)])
      const rows = await Promise.all(managers.map((manager) => replay(manager)))
      await Promise.all(managers.map((manager) => manager.close()))
      tell(rows)
    `)}
    const config = ${cluster.config}
    const manager = await open(config)
    const all = [startWorker(), startWorker(), startWorker()]
    const rows = await Promise.all([...all.map(heard), replay(manager)])
    report(rows.flat())
    await manager.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: Array(7).fill(50_000) })
})

test.each([
  ['poll', 'const manager = await open(config); await replay(manager); manager.poll(1e9); tell(0)'],
  ['replay', 'const manager = await open(config, { batchSize: 100 }); tell(0); replay(manager)'],
  ['create', 'const manager = open(await startSilentServer()); tell(0)'],
  ['close', 'const manager = await open(config); tell(0); manager.close()'],
  ['nothing', 'globalThis.manager = await open(config); tell(0)'],
])('a worker is terminated in the middle of %s', async (_what, body) => {
  const outcome = await run(`${workers(body)}
    const turn = async () => {
      const worker = startWorker()
      await heard(worker)
      await worker.terminate()
    }
    await turn()
    const before = threads()
    for (let i = 0; i < 2; i++) await Promise.all([turn(), turn(), turn(), turn()])
    await threadsAreBackAt(before)
  `)
  expect(outcome).toEqual({ ...CLEAN, result: null })
})

test('a worker that ends by itself takes its open managers along', async () => {
  const outcome = await run(`${workers(`
      globalThis.managers = [await open(config), await open(config)]
      await managers[0].poll()
    `)}
    const ended = () => new Promise((resolve, reject) => {
      startWorker().once('error', reject).once('exit', resolve)
    })
    const codes = [await ended()]
    const before = threads()
    codes.push(...await Promise.all([ended(), ended(), ended()]))
    await threadsAreBackAt(before)
    report(codes)
  `)
  expect(outcome).toEqual({ ...CLEAN, result: [0, 0, 0, 0] })
})

test('the main thread exits while workers poll', async () => {
  const outcome = await run(`${workers(`
      const manager = await open(config, { batchSize: 100 })
      tell(0)
      replay(manager)
    `)}
    await Promise.all([startWorker(), startWorker(), startWorker()].map(heard))
    process.exit(0)
  `)
  expect(outcome).toEqual({ ...CLEAN, result: null })
})

test('batches outlive the worker that made them', async () => {
  const outcome = await run(`${workers(`
      const manager = await open(config, { transferable: true, batchSize: 10_000 })
      let batch
      do batch = await manager.poll(10_000)
      while (batch.numRows === 0)
      const { values } = batch.getChild('offset').data[0]
      parentPort.postMessage({ values, rows: batch.numRows }, [values.buffer])
      process.exit()
    `)}
    const worker = startWorker()
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    const { values, rows } = await heard(worker)
    await ended
    await collectGarbage()
    report([rows, Number(values[0]), values.length])
  `)
  expect(outcome).toMatchObject(CLEAN)
  expect(outcome.result).toEqual([10_000, 0, 10_000])
})
