// Reads a topic to its end in a process of its own and drops each batch, then prints how far the
// process grew, in MiB: drop-batches.mjs BOOTSTRAP TOPIC BATCH_SIZE
import { ConsumerManager, SourceTopic } from 'tidemark'

const MIB = 2 ** 20
const [bootstrapServers, topic, batchSize] = process.argv.slice(2)
const manager = await ConsumerManager.create({
  config: { 'bootstrap.servers': bootstrapServers },
  topics: [SourceTopic.fromEarliest(topic)],
  batchSize: Number(batchSize),
  maxBufferedBytes: 16 * MIB,
})
await manager.poll()
const before = process.memoryUsage.rss()
let [batches, bytes, peak] = [0, 0, before]
while (!manager.isLive()) {
  const batch = await manager.poll()
  batches++
  bytes += batch.getChild('value').data[0].values.length
  peak = Math.max(peak, process.memoryUsage.rss())
}
await manager.close()
const grownMiB = Math.round((peak - before) / MIB)
console.log(JSON.stringify({ batches, readMiB: Math.round(bytes / MIB), grownMiB }))
