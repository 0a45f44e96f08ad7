// Replays two topics in timestamp order, then takes the first live record.
import { ConsumerManager, SourceTopic } from 'tidemark'
import { MockCluster, Producer } from 'tidemark/testing'

// A cluster inside this process, with records whose timestamps interleave across partitions.
const cluster = MockCluster.start({ brokers: 1 })
cluster.createTopic('trades', { partitions: 2 })
cluster.createTopic('quotes', { partitions: 2 })
const config = { 'bootstrap.servers': cluster.bootstrapServers }
const producer = await Producer.create({ config })
const start = Date.now() - 60_000
for (let i = 0; i < 2_000; i++) {
  await producer.send({
    topic: i % 3 === 0 ? 'trades' : 'quotes',
    partition: i % 2,
    timestamp: start + i,
    key: `key ${i % 10}`,
    value: `value ${i}`,
  })
}
await producer.flush()

const manager = await ConsumerManager.create({
  config,
  topics: [SourceTopic.fromEarliest('trades'), SourceTopic.fromRelativeTime('quotes', 3_600_000)],
  batchSize: 500,
})

let rows = 0
let last = 0
while (!manager.isLive()) {
  const batch = await manager.poll(1_000)
  for (const timestamp of batch.getChild('timestamp') ?? []) {
    if (timestamp === null || timestamp < last) throw new Error('out of order')
    last = timestamp
  }
  rows += batch.numRows
}
console.log(`replayed ${rows} rows in timestamp order`)
for (const partition of manager.partitionState()) console.log(String(partition))

await producer.send({
  topic: 'trades',
  partition: 0,
  timestamp: Date.now(),
  key: null,
  value: 'live',
})
await producer.flush()
const batch = await manager.poll(10_000)
console.log(`live: ${batch.numRows} row at offset ${batch.get(0)?.offset}`)

await manager.close()
await producer.close()
await cluster.close()
