import {
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import type { HostileBroker, HostileTopic } from '../support/hostile-broker/index.js'
import { until } from '../support/until.js'
import { setHostileScene } from './hostile-scene.js'
import { readReplay } from './read-replay.js'

const KIB = 1024

let broker: HostileBroker
setHostileScene((scene) => {
  ;({ broker } = scene)
})

function createTopic(partitions: number, batches: number, bytes: number): HostileTopic {
  const topic = broker.createTopic('big', partitions)
  const value = Buffer.alloc(bytes, 'x')
  for (let i = 0; i < batches; i++) {
    for (const log of topic.partitions) log.append({ records: [{ value, timestampDelta: i }] })
  }
  return topic
}

const replay = (options?: StreamOptions & Partial<KafkaOptions>) =>
  readReplay(broker, { topics: [SourceTopic.fromEarliest('big')], ...options })

/** How often a partition that had more got nothing, one response after the other, at most. */
function mostLeftOut({ partitions }: HostileTopic): () => number {
  const inARow = partitions.map(() => 0)
  let most = 0
  for (const [partition, log] of partitions.entries()) {
    log.onFetch = (offset, { records }) => {
      const isLeftOut = records.length === 0 && offset < log.endOffset
      inARow[partition] = isLeftOut ? (inARow[partition] as number) + 1 : 0
      most = Math.max(most, inARow[partition] as number)
    }
  }
  return () => most
}

// A broker leaves a record batch out that is larger than its partition's share of the response, here
// 256 KiB of 4 MiB, unless it is the first: one came with each of them.
test('a share has room for record batches of the size of those that came', async () => {
  const topic = createTopic(16, 6, 300 * KIB)
  const most = mostLeftOut(topic)
  const { rows, error } = await replay({ maxBufferedBytes: 32 * KIB * KIB })
  expect(error).toBeNull()
  expect(rows).toHaveLength(16 * 6)
  expect(most()).toBeLessThan(6)
})

test('a partition that got nothing of a response is served first by the next one', async () => {
  const topic = createTopic(64, 3, 200 * KIB)
  const most = mostLeftOut(topic)
  const { rows } = await replay()
  expect(rows).toHaveLength(64 * 3)
  expect(most()).toBeLessThan(8)
})

// It is larger than its share of 1 MiB, and comes as the first of a response only.
test.each([0, 1, 2, 3])(
  'a large record batch of partition %i does not wait for neighbours that always have something new',
  async (partition) => {
    const topic = createTopic(4, 1, 10)
    await using manager = await ConsumerManager.create({
      config: broker.config,
      topics: [SourceTopic.fromEarliest('big')],
    })
    while (!manager.isLive()) manager.release(await manager.poll(1_000))
    const waiting = topic.partition(partition)
    const others = topic.partitions.filter((log) => log !== waiting)
    for (const log of others) log.onFetch = () => log.append({ records: [{ value: 'x' }] })
    others.at(-1)?.append({ records: [{ value: 'x' }] })
    manager.release(await manager.poll(1_000))
    waiting.append({ records: [{ value: Buffer.alloc(3_000 * KIB, 'x') }] })
    await until('it has come', async () => {
      const batch = await manager.poll(100)
      const sizes = [...(batch.getChild('value') ?? [])].map((value) => value?.length)
      manager.release(batch)
      return sizes.includes(3_000 * KIB)
    })
  },
)

test('the first fetch is half as large, and a partition that is read alone comes in larger pieces', async () => {
  const topic = createTopic(8, 1, 10)
  const [alone] = topic.partitions
  const value = Buffer.alloc(100 * KIB, 'x')
  for (let i = 0; i < 40; i++) alone?.append({ records: [{ value, timestampDelta: 10 }] })
  await replay()
  expect(topic.partitions.map(({ fetchedBytes: [first] }) => first)).toEqual(
    Array(8).fill(512 * KIB),
  )
  expect(Math.max(...(alone?.fetchedBytes ?? []))).toBe(2_048 * KIB)
})
