import { join } from 'node:path'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { captureFolder, captureOf, expectCaptured } from '../support/capture-check.js'
import { KafkaCluster } from '../support/cluster.js'
import { take } from '../support/read-rows.js'

const TIME = 1_700_000_000_000
const PARTITIONS = 2

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

async function write(topic: string, config: Record<string, string>, records = 2_000) {
  await using producer = await Producer.create({ config: { ...cluster.config, ...config } })
  for (let i = 0; i < records; i++) {
    await producer.send({
      topic,
      partition: i % PARTITIONS,
      timestamp: TIME + i - (i % 7 === 0 ? 20 : 0),
      key: i % 5 === 0 ? null : `key ${i}`,
      value: i % 11 === 0 ? null : `value ${i} ${'.'.repeat(i % 200)}`,
      headers: { trace: `${i}` },
    })
  }
  await producer.flush()
}

test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
  'of record batches with codec %s',
  async (codec) => {
    const topic = await cluster.createTopic(`capture-${codec}`, PARTITIONS)
    await write(topic, { 'compression.codec': codec, 'batch.num.messages': '100' })
    const { files, batches } = await expectCaptured(
      await captureOf(cluster.config, SourceTopic.fromEarliest(topic)),
    )
    expect(files).toBeGreaterThan(2 * PARTITIONS - 1)
    for (const batch of batches) expect(batch).toContain('compresscodec: none')
  },
)

test('of transactions has what the stream has, and covers the offsets of the rest', async () => {
  const topic = await cluster.createTopic('capture-transactions', PARTITIONS)
  const config = { ...cluster.config, 'transactional.id': topic }
  const producer = await Producer.create({ config })
  let offset = 0
  for (let transaction = 0; transaction < 20; transaction++) {
    await producer.beginTransaction()
    for (let i = 0; i < 3; i++) await producer.send({ topic, partition: 0, value: `${offset++}` })
    await producer.flush()
    if (transaction % 3 === 1) await producer.abortTransaction()
    else await producer.commitTransaction()
    offset++
  }
  await producer.close()
  for (const isolationLevel of ['read_committed', 'read_uncommitted'] as const) {
    const capture = await captureOf(cluster.config, SourceTopic.fromEarliest(topic), {
      isolationLevel,
    })
    expect(capture.rows.length).toBe(isolationLevel === 'read_committed' ? 39 : 60)
    const { batches } = await expectCaptured(capture)
    let next = 0
    for (const batch of batches) {
      const [, base, last] = /baseOffset: (\d+) lastOffset: (\d+) /.exec(batch) ?? []
      expect(Number(base)).toBe(next)
      next = Number(last) + 1
      expect(batch).toContain('isTransactional: false isControl: false')
    }
    expect(next).toBe(offset)
  }
})

test('of timestamps that the broker stamps keeps them', async () => {
  const topic = await cluster.createTopic('capture-append', PARTITIONS, {
    'message.timestamp.type': 'LogAppendTime',
  })
  await write(topic, { 'compression.codec': 'lz4' }, 200)
  const { batches } = await expectCaptured(
    await captureOf(cluster.config, SourceTopic.fromEarliest(topic)),
  )
  expect(batches.length).toBeGreaterThan(0)
})

test('from the middle of a record batch on begins with the first row', async () => {
  const topic = await cluster.createTopic('capture-middle', PARTITIONS)
  await write(topic, {}, 500)
  const capture = await captureOf(cluster.config, SourceTopic.fromAbsoluteTime(topic, TIME + 250))
  expect(capture.rows.length).toBeLessThan(300)
  await expectCaptured(capture)
})

test('goes on in live', async () => {
  const topic = await cluster.createTopic('capture-live', PARTITIONS)
  const dir = join(await captureFolder(), 'live', 'new')
  const manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromLatest(topic)],
    capture: { dir },
  })
  await write(topic, {}, 100)
  const rows = await take(manager, 100)
  await manager.close()
  await expectCaptured({ dir, rows }, true)
})
