import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { openCluster, type TestCluster } from '../support/cluster.js'
import { rowsOf } from '../support/rows.js'

const TIME = 1_700_000_000_000

let cluster: TestCluster
let topic: string
let producer: Producer
let manager: ConsumerManager
beforeEach(async () => {
  cluster = openCluster()
  topic = await cluster.createTopic('t', 2)
  const { config } = cluster
  producer = await Producer.create({ config: { ...config, 'linger.ms': 0 } })
  await send(0, 10)
  manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest(topic)],
    batchSize: 4,
  })
})
afterEach(async () => {
  await manager.close()
  await producer.close()
  await cluster.close()
})

async function send(from: number, to: number): Promise<void> {
  for (let i = from; i < to; i++) {
    await producer.send({ topic, partition: i % 2, timestamp: TIME + i })
  }
  await producer.flush()
}
const times = (batch: Parameters<typeof rowsOf>[0]) =>
  rowsOf(batch).map(({ timestamp }) => Number(timestamp) - TIME)

test('for await goes on from the replay to live, and ends when the manager is closed', async () => {
  const seen: number[] = []
  for await (const batch of manager) {
    seen.push(...times(batch))
    if (seen.length === 10) {
      expect(manager.isLive()).toBe(true)
      await send(10, 11)
    }
    if (seen.length === 11) setImmediate(() => manager.close())
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('polls and another loop go on from where for await was left', async () => {
  const seen: number[] = []
  for await (const batch of manager) {
    seen.push(...times(batch))
    break
  }
  seen.push(...times(await manager.poll()))
  for await (const batch of manager) {
    seen.push(...times(batch))
    if (manager.isLive()) break
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('with autoRelease a batch can be read until the next one is asked for', async () => {
  const batches: Parameters<typeof rowsOf>[0][] = []
  const seen: number[] = []
  for await (const batch of manager.batches({ autoRelease: true })) {
    batches.push(batch)
    seen.push(...times(batch))
    if (manager.isLive()) break
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(batches).toHaveLength(3)
  for (const batch of batches) {
    expect(() => batch.get(0)).toThrow(expect.objectContaining({ code: 'ERR_RELEASED' }))
  }
})

test('an abort ends for await with the reason, and no row is lost', async () => {
  const abort = new AbortController()
  const seen: number[] = []
  const loop = async () => {
    for await (const batch of manager.batches({ signal: abort.signal })) {
      seen.push(...times(batch))
      if (manager.isLive()) setImmediate(() => abort.abort(new Error('enough')))
    }
  }
  await expect(loop()).rejects.toThrow('enough')
  await send(10, 12)
  while (seen.length < 12) seen.push(...times(await manager.poll()))
  // Those of live come as they arrive.
  expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
})
