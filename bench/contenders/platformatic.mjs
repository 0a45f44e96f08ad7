// @platformatic/kafka: a stream of records, in a group of its own. 1.35.0 is the last version for
// Node 20.
import { meterFor } from '../support/meter.mjs'
import { npmPackage } from '../support/npm-package.mjs'

const peer = npmPackage('@platformatic/kafka')
export const name = 'platformatic'
export const kind = 'node'
export const gives = 'objects, unordered, one by one'
export const { prepare, version } = peer

export async function run(settings) {
  const { bootstrap, topic, live } = settings
  const { Consumer } = await peer.load()
  const meter = meterFor(settings)
  const consumer = new Consumer({
    groupId: `bench-${process.pid}-${Date.now()}`,
    clientId: 'bench',
    bootstrapBrokers: [bootstrap],
    maxBytes: 10 << 20,
    maxWaitTime: live ? 500 : 10,
    minBytes: 1,
    autocommit: false,
    highWaterMark: 100_000,
  })
  const stream = await consumer.consume({ topics: [topic], mode: 'earliest' })
  stream.on('data', ({ key, value, timestamp }) => meter.add(key, value, Number(timestamp)))
  stream.on('error', (error) => {
    throw error
  })
  meter.ready()
  return meter.done
}
