// node-rdkafka, batches of 10,000 by consume(n), assigned from the beginning.
import { Meter } from '../support/meter.mjs'
import { npmPackage } from '../support/npm-package.mjs'

const peer = npmPackage('node-rdkafka')
export const name = 'node-rdkafka'
export const gives = 'objects, unordered'
export const maxRecords = 2_000_000
export const { prepare, version } = peer

const BATCH = 10_000

export async function run({ bootstrap, topic, partitions, records, check }) {
  const { KafkaConsumer } = await peer.load()
  const meter = new Meter({ records, check })
  const consumer = new KafkaConsumer(
    {
      'bootstrap.servers': bootstrap,
      'group.id': `bench-${process.pid}`,
      'enable.auto.commit': false,
      'fetch.wait.max.ms': 10,
      'fetch.queue.backoff.ms': 2,
      'queued.min.messages': 1_000_000,
    },
    { 'auto.offset.reset': 'earliest' },
  )
  await new Promise((resolve, reject) =>
    consumer.connect({}, (error) => (error ? reject(error) : resolve())),
  )
  consumer.assign(
    Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })),
  )
  consumer.setDefaultConsumeTimeout(100)
  const next = (error, messages) => {
    if (error) throw error
    for (const { key, value, timestamp } of messages) {
      meter.add((key?.length ?? 0) + (value?.length ?? 0), timestamp)
    }
    consumer.consume(BATCH, next)
  }
  consumer.consume(BATCH, next)
  return meter.done
}
