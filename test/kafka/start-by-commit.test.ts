import { randomBytes } from 'node:crypto'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { replayOf } from '../support/read-rows.js'
import { until } from '../support/until.js'

const TIME = 1_700_000_000_000

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

let topic: string
let group: string
beforeEach(async () => {
  group = `group-${randomBytes(4).toString('hex')}`
  topic = await cluster.createTopic('committed', 3)
  await using producer = await Producer.create({ config: cluster.config })
  for (const partition of [0, 1, 2]) {
    // The third steps back behind the second.
    for (const time of [1_000, 2_000, 1_500, 3_000]) {
      await producer.send({ topic, partition, timestamp: TIME + time + partition, value: 'v' })
    }
  }
  await producer.flush()
})

type Commit = { partition: number; offset: string; metadata?: string }

/** As a member of the group does, which leaves it again unless `stays`. */
async function commit(commits: Commit[], stays = false): Promise<Consumer> {
  const brokers = cluster.config['bootstrap.servers'].split(',')
  const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: group })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({ autoCommit: false, eachBatch: async () => {} })
  const admin = await cluster.admin()
  // The coordinator of the first group of a new broker has to be made.
  await until('the group has committed', async () => {
    const all = commits.map((each) => ({ topic, metadata: null, ...each }))
    await consumer.commitOffsets(all).catch(() => {})
    const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    return commits.every(({ partition, offset, metadata = '' }) =>
      committed?.partitions.some(
        (each) =>
          each.partition === partition &&
          each.offset === offset &&
          (each.metadata ?? '') === metadata,
      ),
    )
  })
  if (!stays) await consumer.disconnect()
  return consumer
}

const from = (otherwise: 'earliest' | 'latest' | 'fail' | number, partitions?: number[]) =>
  SourceTopic.fromCommitted(topic, { group, otherwise, ...(partitions && { partitions }) })

async function rowsFrom(start: SourceTopic): Promise<string[]> {
  const options = { config: cluster.config, topics: [start], until: 'now' as const }
  await using manager = await ConsumerManager.create(options)
  return (await replayOf(manager)).map(({ partition, offset }) => `${partition}@${offset}`)
}

test('a stream starts at what a group has committed, and otherwise where it is said to', async () => {
  await commit([
    { partition: 0, offset: '3' },
    { partition: 2, offset: '4', metadata: 'of another client' },
  ])
  expect(await rowsFrom(from('earliest'))).toEqual(['1@0', '1@1', '1@2', '0@3', '1@3'])
  expect(await rowsFrom(from('latest'))).toEqual(['0@3'])
  expect(await rowsFrom(from(TIME + 2_000))).toEqual(['1@1', '1@2', '0@3', '1@3'])
  await expect(rowsFrom(from('fail'))).rejects.toMatchObject({
    code: 'ERR_MISSING_OFFSET',
    message: expect.stringContaining(`the group '${group}' has no commit for partition 1`),
  })
  expect(await rowsFrom(from('fail', [0]))).toEqual(['0@3'])
})

test('a group that has never committed has no commit, and is not made', async () => {
  expect(await rowsFrom(from('latest'))).toEqual([])
  await expect(rowsFrom(from('fail'))).rejects.toMatchObject({ code: 'ERR_MISSING_OFFSET' })
  const { groups } = await (await cluster.admin()).listGroups()
  expect(groups.map(({ groupId }) => groupId)).not.toContain(group)
})

test('the members of the group are not disturbed', async () => {
  const member = await commit([{ partition: 0, offset: '2' }], true)
  try {
    let rebalances = 0
    member.on(member.events.REBALANCING, () => rebalances++)
    expect(await rowsFrom(from('latest'))).toEqual(['0@2', '0@3'])
    const { groups } = await (await cluster.admin()).describeGroups([group])
    expect(groups[0]).toMatchObject({ state: 'Stable' })
    expect(groups[0]?.members.length).toBe(1)
    expect(rebalances).toBe(0)
  } finally {
    await member.disconnect()
  }
})

test('the merge key of a commit is gone on with', async () => {
  const commits = (metadata: (partition: number) => string) =>
    [1, 2].map((partition) => ({ partition, offset: '2', metadata: metadata(partition) }))
  await commit(commits((partition) => `tidemark/1 ${TIME + 2_000 + partition}`))
  const rest = ['0@0', '0@1', '0@2', '1@2', '2@2', '0@3', '1@3', '2@3']
  expect(await rowsFrom(from('earliest'))).toEqual(rest)
  await commit(commits(() => ''))
  const early = ['0@0', '1@2', '2@2', '0@1', '0@2', '0@3', '1@3', '2@3']
  expect(await rowsFrom(from('earliest'))).toEqual(early)
})

test('a commit that DeleteRecords has passed says how much is gone, or starts where it is said to', async () => {
  await commit([{ partition: 0, offset: '1' }])
  await cluster.deleteRecords(topic, 0, 3)
  await expect(rowsFrom(from('latest'))).rejects.toMatchObject({
    code: 'ERR_OFFSET_OUT_OF_RANGE',
    partition: 0,
    message: expect.stringContaining('begins at offset 3 by now: 2 offsets from 1 on are gone'),
  })
  const options = { group, otherwise: 'latest', outOfRange: 'earliest' } as const
  expect(await rowsFrom(SourceTopic.fromCommitted(topic, options))).toEqual(['0@3'])
})

test('an offset that DeleteRecords has passed says how much is gone', async () => {
  await cluster.deleteRecords(topic, 1, 4)
  const start = SourceTopic.fromOffsets(topic, { 1: 0n }, { others: 'latest' })
  await expect(rowsFrom(start)).rejects.toMatchObject({
    code: 'ERR_OFFSET_OUT_OF_RANGE',
    message: expect.stringContaining('4 offsets from 0 on are gone'),
  })
})
