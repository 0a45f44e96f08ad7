import { randomInt } from 'node:crypto'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { readRows, replayOf, text } from '../support/read-rows.js'
import { readReference } from '../support/reference-reader.js'
import { digestOf, nameOf, type Row } from '../support/rows.js'

const TIME = 1_700_000_000_000
const PARTITIONS = 3
const PRODUCERS = 3
const STEPS = 60

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

test('an abort and then a commit of one producer in one response come out right', async () => {
  const topic = await cluster.createTopic('both', 1)
  const config = { ...cluster.config, 'transactional.id': topic }
  const producer = await Producer.create({ config })
  for (const [value, end] of [
    ['a', 'abortTransaction'],
    ['b', 'commitTransaction'],
    ['c', 'abortTransaction'],
    ['d', 'abortTransaction'],
    ['e', 'commitTransaction'],
  ] as const) {
    await producer.beginTransaction()
    await producer.send({ topic, partition: 0, value })
    await producer.flush()
    await producer[end]()
  }
  await producer.close()
  const read = async (isolationLevel: 'read_committed' | 'read_uncommitted') =>
    (await readRows(cluster.config, topic, { isolationLevel })).map(({ value }) => value)
  expect(await read('read_committed')).toEqual(['b', 'e'])
  expect(await read('read_uncommitted')).toEqual(['a', 'b', 'c', 'd', 'e'])
})

/** A generator of numbers below `limit`, the same for the same seed. */
function dice(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const seed = Number(process.env.TIDEMARK_PROPERTY_SEED ?? randomInt(2 ** 31))

test(`interleaved transactions come out right: TIDEMARK_PROPERTY_SEED=${seed}`, async () => {
  const topic = await cluster.createTopic('transactions', PARTITIONS)
  const aborted = await writeTransactions(topic, dice(seed))

  const read = async (isolationLevel: 'read_committed' | 'read_uncommitted') => {
    await using manager = await ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromEarliest(topic)],
      isolationLevel,
    })
    return await replayOf(manager)
  }
  const committed = await read('read_committed')
  const all = await read('read_uncommitted')

  const log = await readReference(cluster.config, topic, PARTITIONS)
  const isCommitted = ({ key }: Row) => !aborted.has(text(key) ?? '')
  expect(aborted.size).toBeGreaterThan(0)
  for (const [rows, expected] of [
    [all, log],
    [committed, log.filter(isCommitted)],
  ] as const) {
    const { replay } = expectedOf(expected)
    expect(rows.map(nameOf)).toEqual(replay.map(nameOf))
    expect(digestOf(rows)).toBe(digestOf(replay))
  }
})

/**
 * Writes transactions of several producers that overlap, with records of none between them. The key
 * of a record names its transaction.
 *
 * @returns the transactions that were aborted
 */
async function writeTransactions(topic: string, roll: (limit: number) => number) {
  const producers = await Promise.all(
    Array.from({ length: PRODUCERS }, (_, i) =>
      Producer.create({ config: { ...cluster.config, 'transactional.id': `${topic}-${i}` } }),
    ),
  )
  const plain = await Producer.create({ config: cluster.config })
  const open = new Map<Producer, string>()
  const aborted = new Set<string>()
  for (let step = 0; step < STEPS; step++) {
    const producer = producers[roll(PRODUCERS)] as Producer
    const transaction = open.get(producer) ?? `transaction ${step}`
    if (open.has(producer) && roll(2) === 0) {
      if (roll(2) === 0) {
        await producer.commitTransaction()
      } else {
        await producer.abortTransaction()
        aborted.add(transaction)
      }
      open.delete(producer)
      continue
    }
    if (!open.has(producer)) await producer.beginTransaction()
    open.set(producer, transaction)
    for (const sender of [producer, plain]) {
      for (let left = roll(4); left >= 0; left--) {
        await sender.send({
          topic,
          partition: roll(PARTITIONS),
          timestamp: TIME + roll(1_000),
          key: sender === plain ? 'none' : transaction,
          value: `${step} ${left}`,
        })
      }
      await sender.flush()
    }
  }
  for (const producer of open.keys()) await producer.commitTransaction()
  await Promise.all([...producers, plain].map((producer) => producer.close()))
  return aborted
}
