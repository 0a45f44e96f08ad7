import { SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { captureOf, expectCaptured } from '../support/capture-check.js'
import { KafkaCluster } from '../support/cluster.js'
import { COMPACTED, untilCompacted } from '../support/compacted-topic.js'

const TIME = 1_700_000_000_000
const HOUR = 3_600_000

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

// Gaps at the beginning, within record batches, between them, and batches that are left without a
// record, as the last one of an idempotent producer is; tombstones move a batch's base timestamp.
test('a capture of a compacted topic has its offsets and its gaps', async () => {
  const properties = { ...COMPACTED, 'delete.retention.ms': HOUR }
  const topic = await cluster.createTopic('capture-compacted', 1, properties)
  for (let hour = 0; hour < 4; hour++) {
    await using producer = await Producer.create({
      config: {
        ...cluster.config,
        'enable.idempotence': true,
        'batch.num.messages': 10,
        'linger.ms': 100,
        'compression.codec': hour % 2 === 0 ? 'zstd' : 'none',
      },
    })
    for (let i = 0; i < 300; i++) {
      const key = i < 150 ? `${i % 40}` : `${hour} ${i - (i % 3)}`
      const value = i % 9 === 0 ? null : `${hour} ${i} ${'.'.repeat(700)}`
      const timestamp = TIME + hour * HOUR + i
      await producer.send({ topic, partition: 0, timestamp, key, value })
    }
    await producer.flush()
  }
  await using producer = await Producer.create({ config: cluster.config })
  await producer.send({ topic, partition: 0, timestamp: TIME + 9 * HOUR, key: 'last', value: 'x' })
  await producer.flush()
  await untilCompacted(cluster.config, topic)

  const captured = await captureOf(cluster.config, SourceTopic.fromEarliest(topic))
  expect(captured.gaps.get(0)).toBeGreaterThan(0n)
  const { files } = await expectCaptured(captured)
  expect(files).toBeGreaterThan(1)
})
