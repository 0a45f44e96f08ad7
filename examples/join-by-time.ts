// Joins each trade with the newest quote of its symbol before it. Since the stream is in timestamp
// order, the newest quote seen so far is the right one: no buffer, no sorting, no second pass.
import { ConsumerManager, SourceTopic } from 'tidemark'
import { MockCluster, Producer } from 'tidemark/testing'

const cluster = MockCluster.start({ brokers: 1 })
cluster.createTopic('quotes', { partitions: 4 })
cluster.createTopic('trades', { partitions: 2 })
const config = { 'bootstrap.servers': cluster.bootstrapServers }
const producer = await Producer.create({ config })
const start = Date.now() - 60_000
const symbols = ['AAA', 'BBB', 'CCC', 'DDD']
for (let i = 0; i < 1_000; i++) {
  // Four quotes at one time, and 5 ms later a trade of one of the symbols.
  for (const [partition, key] of symbols.entries()) {
    const value = String(100 + i + partition)
    await producer.send({ topic: 'quotes', partition, timestamp: start + i * 10, key, value })
  }
  await producer.send({
    topic: 'trades',
    partition: i % 2,
    timestamp: start + i * 10 + 5,
    key: symbols[i % 4] as string,
    value: String(i),
  })
}
await producer.flush()

const manager = await ConsumerManager.create({
  config,
  topics: [SourceTopic.fromEarliest('quotes'), SourceTopic.fromEarliest('trades')],
})
const text = new TextDecoder()
const quotes = new Map<string, number>()
const joined: { symbol: string; size: number; price: number | undefined }[] = []

while (!manager.isLive()) {
  const batch = await manager.poll()
  for (const { topic, key, value } of batch) {
    const symbol = text.decode(key)
    const number = Number(text.decode(value))
    if (topic === 'quotes') quotes.set(symbol, number)
    else joined.push({ symbol, size: number, price: quotes.get(symbol) })
  }
  manager.release(batch)
}

// The trade i came right after the i-th quotes.
const wrong = joined.filter(({ size, price }) => price !== 100 + size + (size % 4))
console.log(`joined ${joined.length} trades, ${wrong.length} with a wrong price`)
if (joined.length !== 1_000 || wrong.length > 0) process.exitCode = 1

await manager.close()
await producer.close()
await cluster.close()
