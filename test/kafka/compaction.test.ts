import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { COMPACTED, untilCompacted } from '../support/compacted-topic.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { readReference } from '../support/reference-reader.js'
import { digestOf, nameOf } from '../support/rows.js'

const TIME = 1_700_000_000_000
const HOUR = 3_600_000

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

/** Record batches of ten. An idempotent producer's last one stays, empty, when it is compacted. */
const createProducer = () =>
  Producer.create({
    config: {
      ...cluster.config,
      'enable.idempotence': true,
      'batch.num.messages': 10,
      'linger.ms': 100,
    },
    closeTimeoutMs: 30_000,
  })

/** Rolls a segment: the one before is so many hours older. */
const roll = (producer: Producer, topic: string, hours: number) =>
  producer.send({
    topic,
    partition: 0,
    timestamp: TIME + hours * HOUR,
    key: `roll ${hours}`,
    value: 'x',
  })

// The first producer's last record batch is left without records. The batches with tombstones get a
// delete horizon: their base timestamp is then a time of the wall clock.
test('every record that compaction has left comes out, in order', async () => {
  const properties = { ...COMPACTED, 'delete.retention.ms': HOUR }
  const topic = await cluster.createTopic('compacted', 1, properties)
  const first = await createProducer()
  for (let i = 0; i < 500; i++) {
    const key = `${(i * 7) % 40}`
    await first.send({ topic, partition: 0, timestamp: TIME + i, key, value: `value ${i}` })
  }
  await first.close()
  const second = await createProducer()
  for (let i = 500; i < 540; i++) {
    const key = `${(i * 7) % 40}`
    const value = i % 3 === 0 ? null : `value ${i}`
    await second.send({ topic, partition: 0, timestamp: TIME + i, key, value })
  }
  await second.flush()
  await roll(second, topic, 1)
  await second.flush()
  await roll(second, topic, 2)
  await second.close()
  await untilCompacted(cluster.config, topic)

  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
  })
  const rows = await replayOf(manager)
  const { replay } = expectedOf(await readReference(cluster.config, topic, 1))
  expect(rows.map(nameOf)).toEqual(replay.map(nameOf))
  expect(digestOf(rows)).toBe(digestOf(replay))
  // 40 keys, and what rolled the segments.
  expect([rows[0]?.offset, rows.length]).toEqual([500n, 42])
  expect(rows.filter(({ value }) => value === null).length).toBe(13)
})

test('a replay is live exactly at the end of a compacted tail', async () => {
  const topic = await cluster.createTopic('tail', 1, { ...COMPACTED, 'delete.retention.ms': 0 })
  const producer = await createProducer()
  for (let i = 0; i < 50; i++) {
    await producer.send({ topic, partition: 0, timestamp: TIME + i, key: `${i % 5}`, value: 'x' })
  }
  await producer.flush()
  await roll(producer, topic, 1)
  await producer.close()
  await untilCompacted(cluster.config, topic)

  const end = 51n
  for (const isolationLevel of ['read_committed', 'read_uncommitted'] as const) {
    await using manager = await ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromEarliest(topic)],
      isolationLevel,
    })
    const rows = await replayOf(manager)
    expect(rows.map(({ offset }) => offset)).toEqual([45n, 46n, 47n, 48n, 49n, 50n])
    const [state] = manager.partitionState()
    expect([state?.replay_end_offset, state?.is_live]).toEqual([end, true])
  }
})
