// Tiered storage on brokers before Kafka 3.8: a read from remote storage that takes longer than its
// fetch may wait is interrupted, and leaves the broker's cached index closed for everyone.
import { type KafkaOptions, SourceTopic, type StreamOptions } from '../../src/index.js'
import type { HostileBroker, HostileTopic } from '../support/hostile-broker/index.js'
import { setHostileScene } from './hostile-scene.js'
import { readReplay } from './read-replay.js'

const MIB = 2 ** 20
const PARTITIONS = 4
const BATCHES = 12
const ROWS = PARTITIONS * BATCHES
/** What may be kept so long by a broker has nothing more in any partition. */
const SHORT_MS = 10

let broker: HostileBroker
let topic: HostileTopic
setHostileScene((scene) => {
  ;({ broker } = scene)
  topic = broker.createTopic('remote', PARTITIONS)
})

/** Record batches of 100 KB, all but the last two in remote storage. */
function fill(remoteMs: number, partitionOf: (batch: number) => number): void {
  const value = Buffer.alloc(100_000, 'x')
  for (let i = 0; i < ROWS; i++) {
    topic.partition(partitionOf(i)).append({ records: [{ value, timestampDelta: i }] })
  }
  for (const log of topic.partitions) {
    log.remoteBefore = BATCHES - 2
    log.remoteMs = remoteMs
    log.maxBytes = 600_000
  }
}

const interleaved = (batch: number) => batch % PARTITIONS
const inBlocks = (batch: number) => Math.floor(batch / BATCHES)

const replay = (options?: StreamOptions & Partial<KafkaOptions>) =>
  readReplay(broker, { topics: [SourceTopic.fromEarliest('remote')], ...options })

const interruptedReads = () =>
  topic.partitions.reduce((sum, { interruptedReads }) => sum + interruptedReads, 0)

const scenes: [string, number, (batch: number) => number, StreamOptions & Partial<KafkaOptions>][] =
  [
    ['interleaved', 5, interleaved, {}],
    ['interleaved', 30, interleaved, {}],
    ['interleaved', 400, interleaved, {}],
    ['in blocks', 30, inBlocks, {}],
    ['interleaved, with full queues', 30, interleaved, { maxBufferedBytes: MIB, batchSize: 1 }],
    ['in blocks, with full queues', 30, inBlocks, { maxBufferedBytes: MIB, batchSize: 1 }],
  ]
test.each(scenes)(
  'partitions %s are read from a remote storage that takes %i ms, and no read is interrupted',
  async (_layout, remoteMs, partitionOf, options) => {
    fill(remoteMs, partitionOf)
    broker.createTopic('empty')
    const topics = ['remote', 'empty'].map((name) => SourceTopic.fromEarliest(name))
    const { rows, error } = await replay({ ...options, topics })
    expect(error).toBeNull()
    expect(rows).toHaveLength(ROWS)
    expect(interruptedReads()).toBe(0)
  },
)

test('one that takes longer than 500 ms is read with a larger fetch.wait.max.ms', async () => {
  fill(700, interleaved)
  const config = { 'fetch.wait.max.ms': 2_000, 'socket.timeout.ms': 1_000 }
  const events: string[] = []
  const { rows, error } = await replay({
    config: config as never,
    onEvent: ({ type }) => events.push(type),
  })
  expect(error).toBeNull()
  expect(rows).toHaveLength(ROWS)
  expect(interruptedReads()).toBe(0)
  expect(events).not.toContain('brokerDown')
})

// Else each end would cost half a second, in which nothing else of the broker is fetched.
test('what is known to be at its end is not waited for', async () => {
  fill(0, inBlocks)
  const endsAt = new Map(topic.partitions.map((log) => [log, log.endOffset]))
  let most = 0
  for (const log of topic.partitions) {
    log.onFetch = () => {
      const asked = topic.partitions.filter(({ fetchedOffsets }) => fetchedOffsets.length > 0)
      const atEnds = asked.every((other) => other.fetchedOffsets.at(-1) === endsAt.get(other))
      if (atEnds) most = Math.max(most, broker.fetches.map(({ waitMs }) => waitMs).at(-1) as number)
    }
  }
  const { rows } = await replay()
  expect(rows).toHaveLength(ROWS)
  expect(most).toBeLessThanOrEqual(SHORT_MS)
})

test('what is empty from the beginning is not waited for', async () => {
  await using other = await broker.startAnother()
  fill(0, inBlocks)
  topic.addPartition().leader = other.id
  await replay()
  expect(other.fetches[0]?.waitMs).toBeLessThanOrEqual(SHORT_MS)
})
