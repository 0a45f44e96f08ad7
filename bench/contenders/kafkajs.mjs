// kafkajs, eachBatch, in a group of its own.
import { meterFor } from '../support/meter.mjs'
import { npmPackage } from '../support/npm-package.mjs'

const peer = npmPackage('kafkajs', { companions: ['kafkajs-lz4', 'kafkajs-snappy'] })
export const name = 'kafkajs'
export const kind = 'node'
export const gives = 'objects, a partition at a time'
export const { prepare, version } = peer

export async function run(settings) {
  const { bootstrap, topic, live } = settings
  const { Kafka, logLevel, CompressionCodecs, CompressionTypes } = await peer.load()
  const Lz4 = await peer.load('kafkajs-lz4')
  CompressionCodecs[CompressionTypes.LZ4] = new Lz4().codec
  CompressionCodecs[CompressionTypes.Snappy] = await peer.load('kafkajs-snappy')
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR })
  const meter = meterFor(settings)
  const consumer = kafka.consumer({
    groupId: `bench-${process.pid}-${Date.now()}`,
    maxWaitTimeInMs: live ? 500 : 10,
  })
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      for (const { key, value, timestamp } of batch.messages) {
        meter.add(key, value, Number(timestamp))
      }
    },
  })
  await joined
  meter.ready()
  return meter.done
}
