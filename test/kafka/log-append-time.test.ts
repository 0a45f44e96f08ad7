import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { readRows, replayOf } from '../support/read-rows.js'
import { readReference } from '../support/reference-reader.js'
import { digestOf, nameOf, type Row } from '../support/rows.js'
import { until } from '../support/until.js'

/** What producers say, and brokers may replace. */
const TIME = 1_700_000_000_000
const LOG_APPEND_TIME = { 'message.timestamp.type': 'LogAppendTime' }

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

async function write(topic: string, records: number): Promise<void> {
  await using producer = await Producer.create({ config: { ...cluster.config, 'linger.ms': 100 } })
  for (let i = 0; i < records; i++) {
    // Each batch has records that are "older" than those before.
    await producer.send({ topic, partition: i % 2, timestamp: TIME - i * 1_000, value: `${i}` })
    if (i % 20 === 19) await producer.flush()
  }
  await producer.flush()
}

/** The replay, which is what another client reads. */
async function replay(topic: string): Promise<Row[]> {
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
  })
  const rows = await replayOf(manager)
  const expected = expectedOf(await readReference(cluster.config, topic, 2)).replay
  expect(rows.map(nameOf)).toEqual(expected.map(nameOf))
  expect(digestOf(rows)).toBe(digestOf(expected))
  return rows
}

test('the time that the broker stamped orders a topic with log-append time', async () => {
  const topic = await cluster.createTopic('append', 2, LOG_APPEND_TIME)
  await write(topic, 60)
  const rows = await replay(topic)
  expect(rows.length).toBe(60)
  const times = rows.map(({ timestamp }) => Number(timestamp))
  expect(Math.min(...times)).toBeGreaterThan(TIME)
  expect(times).toEqual([...times].sort((a, b) => a - b))

  // What was stamped can be looked up.
  const middle = times[30] as number
  const later = await readRows(cluster.config, SourceTopic.fromAbsoluteTime(topic, middle))
  // And the two records of the other client's reader.
  expect(later.length).toBe(times.filter((time) => time >= middle).length + 2)
})

test('the time that the broker stamped counts from where a topic changes to log-append time', async () => {
  const topic = await cluster.createTopic('change', 2)
  await write(topic, 40)
  const admin = await cluster.admin()
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: 2, name: topic, configNames: [] }],
  })
  const kept = (resources[0]?.configEntries ?? []).filter(({ isDefault }) => !isDefault)
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: 2,
        name: topic,
        configEntries: [
          ...kept.map(({ configName, configValue }) => ({ name: configName, value: configValue })),
          ...Object.entries(LOG_APPEND_TIME).map(([name, value]) => ({ name, value })),
        ],
      },
    ],
  })
  await until('the broker stamps', async () => {
    await write(topic, 2)
    const rows = await readRows(cluster.config, topic)
    return rows.some(({ timestamp }) => Number(timestamp) > TIME)
  })
  await write(topic, 40)
  const rows = await replay(topic)
  const asSent = rows.filter(({ timestamp }) => Number(timestamp) <= TIME)
  expect(asSent.length).toBeGreaterThanOrEqual(40)
  expect(rows.length - asSent.length).toBeGreaterThanOrEqual(40)
})
