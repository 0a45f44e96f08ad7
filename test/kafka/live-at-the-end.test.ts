import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { replayOf, take, text } from '../support/read-rows.js'
import type { Row } from '../support/rows.js'

const ISOLATION_LEVELS = ['read_committed', 'read_uncommitted'] as const

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

const values = (rows: Row[]) => rows.map(({ value }) => text(value))

/** Sends `values` to partition 0 in one transaction, and ends it. */
async function transact(producer: Producer, topic: string, values: string[], commit: boolean) {
  await producer.beginTransaction()
  for (const value of values) await producer.send({ topic, partition: 0, value })
  await producer.flush()
  if (commit) await producer.commitTransaction()
  else await producer.abortTransaction()
}

/** What stands in partition 0, `-` before what an aborted transaction wrote; `|` for a marker. */
const logs: [what: string, log: string[]][] = [
  ['a committed transaction', ['a', 'b', '|']],
  ['an aborted transaction', ['a', 'b', '|', '-c', '-d', '|']],
  ['an aborted transaction with nothing before it', ['-a', '|']],
  ['many markers', ['a', '|', '-b', '|', '-c', '|', 'd', '|', '-e', '|', '-f', '|']],
  ['records', ['a', '|', '-b', '|', 'c', 'd']],
]

describe.each(ISOLATION_LEVELS)('a replay with %s', (level) => {
  const isSeen = (value: string) => level === 'read_uncommitted' || !value.startsWith('-')

  test.each(logs)('is live exactly at the end of a log that ends in %s', async (_, log) => {
    const topic = await cluster.createTopic('end', 2)
    const config = { ...cluster.config, 'transactional.id': topic }
    const producer = await Producer.create({ config })
    const plain = await Producer.create({ config: cluster.config })
    let open: string[] = []
    for (const value of log) {
      if (value !== '|') {
        open.push(value)
        continue
      }
      await transact(producer, topic, open, !open[0]?.startsWith('-'))
      open = []
    }
    for (const value of open) await plain.send({ topic, partition: 0, value })
    await plain.flush()
    await producer.close()

    await using manager = await ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromEarliest(topic)],
      isolationLevel: level,
    })
    const state = () => [...manager.partitionState()]
    // Partition 1 is empty.
    expect(state().map(({ is_live }) => is_live)).toEqual([false, true])
    expect(state().map(({ replay_end_offset }) => replay_end_offset)).toEqual([
      BigInt(log.length),
      0n,
    ])
    expect(values(await replayOf(manager))).toEqual(
      log.filter((value) => value !== '|' && isSeen(value)),
    )
    expect(state().map(({ is_live }) => is_live)).toEqual([true, true])

    await plain.send({ topic, partition: 0, value: 'live' })
    await plain.close()
    const [row] = await take(manager, 1)
    expect([row?.offset, text(row?.value ?? null)]).toEqual([BigInt(log.length), 'live'])
  })

  test('is live from the start of an empty log', async () => {
    const topic = await cluster.createTopic('nothing', 3)
    await using manager = await ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromEarliest(topic)],
      isolationLevel: level,
    })
    expect(manager.isLive()).toBe(true)
    await using producer = await Producer.create({ config: cluster.config })
    await producer.send({ topic, partition: 2, value: 'live' })
    await producer.flush()
    expect(values(await take(manager, 1))).toEqual(['live'])
  })

  test('is live from the start where it begins at the latest record', async () => {
    const topic = await cluster.createTopic('latest', 1)
    await using producer = await Producer.create({ config: { ...cluster.config } })
    await producer.send({ topic, partition: 0, value: 'old' })
    await producer.flush()
    await using manager = await ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromLatest(topic)],
      isolationLevel: level,
    })
    expect(manager.isLive()).toBe(true)
    await producer.send({ topic, partition: 0, value: 'live' })
    await producer.flush()
    expect(values(await take(manager, 1))).toEqual(['live'])
  })
})
