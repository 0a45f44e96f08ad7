// The application of these examples, as an ES module: it replays what it has written.
import { ConsumerManager, SourceTopic } from 'tidemark'
import { MockCluster, Producer } from 'tidemark/testing'

const cluster = MockCluster.start()
cluster.createTopic('trades', { partitions: 2 })
const config = { 'bootstrap.servers': cluster.bootstrapServers }
const producer = await Producer.create({ config })
await producer.sendAll([0, 1, 1].map((partition) => ({ topic: 'trades', partition, value: 'x' })))
await producer.flush()

const manager = await ConsumerManager.create({
  config,
  topics: [SourceTopic.fromEarliest('trades')],
})
let rows = 0
while (!manager.isLive()) rows += (await manager.poll()).numRows
console.log(`replayed ${rows} rows`)

await manager.close()
await producer.close()
await cluster.close()
