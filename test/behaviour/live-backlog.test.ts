import { setTimeout as pause } from 'node:timers/promises'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { openCluster } from '../support/cluster.js'

const RECORDS = 10_000
const VALUE = Buffer.alloc(10_000, 'x')

// A fetch that left the full partition out was kept by the broker for 250 ms, since there was nothing
// new in its idle neighbour: a backlog came in steps of a few MB, 24 MB/s however fast the caller.
test('a slow caller is not made to wait for a partition that is idle', async () => {
  await using cluster = openCluster()
  const topic = await cluster.createTopic('t', 2)
  const { config } = cluster
  await using manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest(topic)],
    batchSize: 100,
  })
  while (!manager.isLive()) await manager.poll()
  await using producer = await Producer.create({ config })
  await producer.sendAll(
    Array.from({ length: RECORDS }, () => ({ topic, partition: 0, value: VALUE })),
  )
  await producer.flush()

  let rows = 0
  let waited = 0
  while (rows < RECORDS) {
    const started = performance.now()
    const batch = await manager.poll(10_000)
    waited += performance.now() - started
    rows += batch.numRows
    manager.release(batch)
    await pause(3)
  }
  expect(waited).toBeLessThan(2_500) // it was above 3,000
})
