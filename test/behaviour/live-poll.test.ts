import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { openCluster, type TestCluster } from '../support/cluster.js'
import { text } from '../support/read-rows.js'
import { rowsOf } from '../support/rows.js'
import { until } from '../support/until.js'

let cluster: TestCluster
let topic: string
let producer: Producer
let manager: ConsumerManager
beforeEach(async () => {
  cluster = openCluster()
  topic = await cluster.createTopic('t', 2)
  const { config } = cluster
  producer = await Producer.create({ config: { ...config, 'linger.ms': 0 } })
  await producer.send({ topic, partition: 0, value: 'replay' })
  await producer.flush()
  manager = await ConsumerManager.create({ config, topics: [SourceTopic.fromEarliest(topic)] })
  while (!manager.isLive()) await manager.poll()
})
afterEach(async () => {
  await manager.close()
  await producer.close()
  await cluster.close()
})

async function values(polled: Promise<Parameters<typeof rowsOf>[0]>) {
  return rowsOf(await polled).map(({ value }) => text(value))
}

test.each([3_600_000, Number.POSITIVE_INFINITY])(
  'in live a poll resolves when one record arrives, not at its timeout of %p ms',
  async (timeoutMs) => {
    for (const value of ['a', 'b', 'c']) {
      const polled = manager.poll(timeoutMs)
      await producer.send({ topic, partition: 1, value })
      expect(await values(polled)).toEqual([value])
    }
  },
)

test('in live a poll has all that is there', async () => {
  const sent = Array.from({ length: 500 }, (_, i) => `${i}`)
  await producer.sendAll(sent.map((value) => ({ topic, partition: 1, value })))
  await until('all is fetched', () => manager.heldMessageCount() === 500)
  expect(await values(manager.poll())).toEqual(sent)
})

test('in live a poll has no rows at its timeout', async () => {
  const started = performance.now()
  expect((await manager.poll(200)).numRows).toBe(0)
  expect(performance.now() - started).toBeGreaterThan(190)
  expect((await manager.poll(0)).numRows).toBe(0)
})
