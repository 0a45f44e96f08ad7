import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { KafkaCluster } from '../support/cluster.js'
import { readRows, take } from '../support/read-rows.js'

const TIME = 1_700_000_000_000

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

describe.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('a replay of codec %s', (codec) => {
  let topic: string
  // Three record batches of ten in each partition, 10 ms from record to record; every second record
  // of partition 1 steps back by 15 ms.
  beforeAll(async () => {
    topic = await cluster.createTopic('by-time', 2)
    const producer = await Producer.create({
      config: { ...cluster.config, 'compression.codec': codec, 'linger.ms': 1_000 },
    })
    for (let i = 0; i < 30; i++) {
      const timestamp = TIME + i * 10
      await producer.send({ topic, partition: 0, timestamp, value: `${i}` })
      const late = i % 2 === 1 ? 15 : 0
      await producer.send({ topic, partition: 1, timestamp: timestamp - late, value: `${i}` })
      if (i % 10 === 9) await producer.flush()
    }
    await producer.close()
  })

  const offsetsFrom = async (start: SourceTopic) => {
    const rows = await readRows(cluster.config, start)
    return [0, 1].map((partition) =>
      rows.filter((row) => row.partition === partition).map(({ offset }) => Number(offset)),
    )
  }
  const upTo30 = (first: number) => Array.from({ length: 30 - first }, (_, i) => first + i)

  test.each<[what: string, time: number, first: [number, number]]>([
    ['before the first record', TIME - 100_000, [0, 0]],
    ['of a first record of a batch', TIME + 100, [10, 10]],
    ['in the middle of a batch', TIME + 140, [14, 14]],
    ['between two records', TIME + 141, [15, 16]],
    ['that only a late record has', TIME + 135, [14, 14]],
    ['of the last record', TIME + 290, [29, 30]],
    ['past the last record', TIME + 291, [30, 30]],
  ])('starts at the right offset for a time %s', async (_, time, [first, second]) => {
    expect(await offsetsFrom(SourceTopic.fromAbsoluteTime(topic, time))).toEqual([
      upTo30(first),
      upTo30(second),
    ])
    expect(await offsetsFrom(SourceTopic.fromAbsoluteTime(topic, new Date(time)))).toEqual([
      upTo30(first),
      upTo30(second),
    ])
  })
})

test('a replay starts by a relative time, and is live past the last record', async () => {
  const topic = await cluster.createTopic('relative', 1)
  await using producer = await Producer.create({ config: cluster.config })
  const now = Date.now()
  for (const [value, ago] of [
    ['old', 7_200_000],
    ['an hour', 3_600_000],
    ['a minute', 60_000],
  ] as const) {
    await producer.send({ topic, partition: 0, timestamp: now - ago, value })
  }
  await producer.flush()
  const values = async (ago: number) =>
    (await readRows(cluster.config, SourceTopic.fromRelativeTime(topic, ago))).map(
      ({ value }) => value,
    )
  expect(await values(5_400_000)).toEqual(['an hour', 'a minute'])
  expect(await values(1_800_000)).toEqual(['a minute'])
  expect(await values(1_000)).toEqual([])

  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromRelativeTime(topic, 0)],
  })
  expect(manager.isLive()).toBe(true)
  await producer.send({ topic, partition: 0, value: 'live' })
  await producer.flush()
  expect((await take(manager, 1)).map(({ offset }) => offset)).toEqual([3n])
})
