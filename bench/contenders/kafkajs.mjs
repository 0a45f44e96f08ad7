// kafkajs, eachBatch, in a group of its own.
import { Meter } from '../support/meter.mjs'
import { npmPackage } from '../support/npm-package.mjs'

const peer = npmPackage('kafkajs')
const lz4 = npmPackage('kafkajs-lz4')
export const name = 'kafkajs'
export const gives = 'objects, a partition at a time'
export const maxRecords = 2_000_000
export const { version } = peer

export function prepare() {
  peer.prepare()
  lz4.prepare()
}

export async function run({ bootstrap, topic, records, check }) {
  const { Kafka, logLevel, CompressionCodecs, CompressionTypes } = await peer.load()
  const Lz4 = await lz4.load()
  CompressionCodecs[CompressionTypes.LZ4] = new Lz4().codec
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR })
  const meter = new Meter({ records, check })
  const consumer = kafka.consumer({
    groupId: `bench-${process.pid}-${Date.now()}`,
    maxWaitTimeInMs: 10,
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      for (const { key, value, timestamp } of batch.messages) {
        meter.add((key?.length ?? 0) + (value?.length ?? 0), Number(timestamp))
      }
    },
  })
  return meter.done
}
