import { Worker } from 'node:worker_threads'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

/** Adds the bytes up in what it is sent, as any other thread would see them. */
const WORKER = `
const { parentPort } = require('node:worker_threads')
parentPort.on('message', (values) => {
  let sum = 0
  for (const byte of values) sum += byte
  parentPort.postMessage({ length: values.length, sum })
})
`

let cluster: MockCluster
let worker: Worker
beforeEach(async () => {
  cluster = MockCluster.start()
  cluster.createTopic('t')
  worker = new Worker(WORKER, { eval: true })
  await writeLog(
    { 'bootstrap.servers': cluster.bootstrapServers },
    Array.from({ length: 2_000 }, (_, i) => ({
      topic: 't',
      partition: 0,
      timestamp: 1_700_000_000_000 + i,
      value: new Uint8Array(10).fill(i % 256),
    })),
  )
})
afterEach(async () => {
  await worker.terminate()
  await cluster.close()
})

test('batches can be moved to another thread', async () => {
  await using manager = await ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
    topics: [SourceTopic.fromEarliest('t')],
    batchSize: 500,
    transferable: true,
  })
  for (let batch = 0; batch < 4; batch++) {
    const polled = await manager.poll(Number.POSITIVE_INFINITY)
    const rows = rowsOf(polled)
    const values = polled.getChild('value')?.data[0]?.values as Uint8Array
    const expected = {
      length: 5_000,
      sum: rows.reduce((sum, { value }) => sum + 10 * (value?.[0] ?? 0), 0),
    }
    const answer = new Promise((resolve) => worker.once('message', resolve))
    worker.postMessage(values, [values.buffer as ArrayBuffer])
    expect(values.length).toBe(0)
    expect(await answer).toEqual(expected)
    // Its memory is the other thread's now: this takes nothing back.
    manager.release(polled)
  }
  expect(manager.isLive()).toBe(true)
})
