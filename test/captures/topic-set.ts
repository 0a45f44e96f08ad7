import { Producer, type ProducerRecord } from '../../src/testing/index.js'
import type { KafkaCluster } from '../support/cluster.js'
import { COMPACTED, untilCompacted } from '../support/compacted-topic.js'

const TIME = 1_700_000_000_000
const HOUR = 3_600_000
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const TRANSACTION = 500
/** Several a partition. */
const SEGMENT = { 'segment.bytes': 2 * 2 ** 20 }

/** Topics of all kinds, with `records` written to them all together. @returns their names */
export async function writeTopicSet(cluster: KafkaCluster, records: number): Promise<string[]> {
  return [
    await writeCodecs(cluster, Math.ceil(records * 0.7)),
    await writeTransactions(cluster, Math.ceil(records * 0.2)),
    await writeCompacted(cluster, Math.ceil(records * 0.1)),
  ]
}

const createProducer = (cluster: KafkaCluster, config: Record<string, string | number>) =>
  Producer.create({ config: { ...cluster.config, ...config }, closeTimeoutMs: 60_000 })

/** Every codec, one after another, in record batches of several sizes; some timestamps step back. */
async function writeCodecs(cluster: KafkaCluster, records: number): Promise<string> {
  const partitions = 4
  const topic = await cluster.createTopic('codecs', partitions, SEGMENT)
  const each = Math.ceil(records / CODECS.length)
  for (const [turn, codec] of CODECS.entries()) {
    const producer = await createProducer(cluster, {
      'compression.codec': codec,
      'batch.num.messages': 10 + 490 * turn,
    })
    await producer.sendAll(
      generate(each, (i) => ({
        topic,
        partition: (i * 7 + (i >> 5)) % partitions,
        timestamp: TIME + turn * each + i - (i % 50 === 0 ? 300 : 0),
        key: i % 3 === 0 ? null : `key ${i}`,
        value: i % 11 === 0 ? null : `${'value '.repeat(i % 23)}${i}`,
      })),
    )
    await producer.close()
  }
  return topic
}

/** Of three producers side by side; every third transaction is aborted. */
async function writeTransactions(cluster: KafkaCluster, records: number): Promise<string> {
  const partitions = 2
  const topic = await cluster.createTopic('transactions', partitions, SEGMENT)
  const producers = await Promise.all(
    [0, 1, 2].map((i) =>
      createProducer(cluster, { 'compression.codec': 'lz4', 'transactional.id': `${topic} ${i}` }),
    ),
  )
  const rounds = Math.ceil(records / TRANSACTION / producers.length)
  for (let round = 0; round < rounds; round++) {
    await Promise.all(producers.map((producer) => producer.beginTransaction()))
    await Promise.all(
      producers.map((producer, at) =>
        producer.sendAll(
          generate(TRANSACTION, (i) => ({
            topic,
            partition: i % partitions,
            timestamp: TIME + round * TRANSACTION + i,
            value: `${round} ${at} ${i} ${'x'.repeat(100)}`,
          })),
        ),
      ),
    )
    for (const [at, producer] of producers.entries()) {
      await producer.flush()
      if ((round + at) % 3 === 0) await producer.abortTransaction()
      else await producer.commitTransaction()
    }
  }
  await Promise.all(producers.map((producer) => producer.close()))
  return topic
}

/** An hour a segment; a third of the keys comes only once. */
async function writeCompacted(cluster: KafkaCluster, records: number): Promise<string> {
  const topic = await cluster.createTopic('compacted', 1, { ...COMPACTED, ...SEGMENT })
  const hours = 5
  const each = Math.ceil(records / hours)
  for (let hour = 0; hour < hours; hour++) {
    const producer = await createProducer(cluster, {
      'enable.idempotence': 'true',
      'batch.num.messages': 50,
      'compression.codec': CODECS[hour] ?? 'none',
    })
    await producer.sendAll(
      generate(each, (i) => ({
        topic,
        partition: 0,
        timestamp: TIME + hour * HOUR + i,
        key: i % 3 === 0 ? `${hour} ${i}` : `${(i * i) % 997}`,
        value: i % 9 === 0 ? null : `${hour} ${i}`,
      })),
    )
    await producer.close()
  }
  const producer = await createProducer(cluster, {})
  await producer.send({ topic, partition: 0, timestamp: TIME + 9 * HOUR, key: 'last', value: 'x' })
  await producer.close()
  await untilCompacted(cluster.config, topic)
  return topic
}

function* generate(records: number, record: (i: number) => ProducerRecord) {
  for (let i = 0; i < records; i++) yield record(i)
}
