import { meterFor } from './meter.mjs'
import { npmPackage } from './npm-package.mjs'

const BATCH = 10_000

/** How a consumer can be read, each until the process ends. */
const READ = {
  batches(consumer, meter) {
    consumer.setDefaultConsumeTimeout(100)
    const next = (error, messages) => {
      if (error) throw error
      for (const { key, value, timestamp } of messages) meter.add(key, value, timestamp)
      consumer.consume(BATCH, next)
    }
    consumer.consume(BATCH, next)
  },
  flowing(consumer, meter) {
    consumer.on('data', ({ key, value, timestamp }) => meter.add(key, value, timestamp))
    consumer.consume()
  },
}

/**
 * A contender on node-rdkafka's interface, which others have taken over: assigned from the
 * beginning, so that no group is waited for.
 */
export function rdkafkaContender(name, packageName, way, environment) {
  const peer = npmPackage(packageName, { environment })
  return {
    name,
    kind: 'node',
    gives: `objects, unordered, ${way}`,
    // consume(n) waits for n: it is no way to read what comes record by record.
    isForReplayAlone: way === 'batches',
    prepare: peer.prepare,
    version: peer.version,
    async run(settings) {
      const { KafkaConsumer } = await peer.load()
      const meter = meterFor(settings)
      const consumer = await connect(KafkaConsumer, settings)
      READ[way](consumer, meter)
      meter.ready()
      return meter.done
    },
  }
}

async function connect(KafkaConsumer, { bootstrap, topic, partitions, live }) {
  const consumer = new KafkaConsumer(
    {
      'bootstrap.servers': bootstrap,
      'group.id': `bench-${process.pid}`,
      'enable.auto.commit': false,
      'fetch.wait.max.ms': live ? 500 : 10,
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
  return consumer
}
