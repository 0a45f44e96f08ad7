// Reads with for await until a signal says that it is enough, and gives each batch's memory back.
import { ConsumerManager, SourceTopic } from 'tidemark'
import { MockCluster, Producer } from 'tidemark/testing'

const cluster = MockCluster.start({ brokers: 1 })
cluster.createTopic('events', { partitions: 3 })
const config = { 'bootstrap.servers': cluster.bootstrapServers }
const producer = await Producer.create({ config })
const start = Date.now() - 60_000
for (let i = 0; i < 3_000; i++) {
  await producer.send({
    topic: 'events',
    partition: i % 3,
    timestamp: start + i,
    key: null,
    value: `event ${i}`,
  })
}
await producer.flush()

const manager = await ConsumerManager.create({
  config,
  topics: [SourceTopic.fromEarliest('events')],
  batchSize: 1_000,
})
const enough = new AbortController()
const text = new TextDecoder()

let rows = 0
let bytes = 0
try {
  for await (const batch of manager.batches({ autoRelease: true, signal: enough.signal })) {
    // Whatever is kept of a batch is copied here: its memory is gone with the next one.
    for (const value of batch.getChild('value') ?? []) bytes += text.decode(value).length
    rows += batch.numRows
    console.log(`${rows} rows, ${bytes} bytes, ${manager.isLive() ? 'live' : 'replay'}`)
    if (rows === 3_000) enough.abort()
  }
} catch (error) {
  if (!enough.signal.aborted) throw error
}
console.log('stopped')

await manager.close()
await producer.close()
await cluster.close()
