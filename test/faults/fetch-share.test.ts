import { type ConsumerManagerOptions, SourceTopic } from '../../src/index.js'
import type { HostileBroker, HostileTopic } from '../support/hostile-broker/index.js'
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

const replay = (options?: Partial<ConsumerManagerOptions>) =>
  readReplay(broker, { topics: [SourceTopic.fromEarliest('big')], ...options })

const requestsFor = ({ partitions }: HostileTopic) =>
  Math.max(...partitions.map(({ fetchedOffsets }) => fetchedOffsets.length))

// A broker leaves a record batch out that is larger than its partition's share of the response, here
// 256 KiB of 4 MiB, unless it is the first: one came with each of them.
test('a share has room for record batches of the size of those that came', async () => {
  const topic = createTopic(8, 6, 300 * KIB)
  const { rows, error } = await replay({ maxBufferedBytes: 16 * KIB * KIB })
  expect(error).toBeNull()
  expect(rows).toHaveLength(8 * 6)
  expect(requestsFor(topic)).toBeLessThan(24)
})

test('who got nothing of a response is served first by the next one', async () => {
  const topic = createTopic(64, 3, 200 * KIB)
  const served: number[] = []
  for (const [partition, log] of topic.partitions.entries()) {
    log.onFetch = (_offset, { records }) => {
      if (records.length > 0) served.push(partition)
    }
  }
  const { rows } = await replay()
  expect(rows).toHaveLength(64 * 3)
  // Twice those of a partition that was fetched before the others had been started.
  expect(new Set(served.slice(0, 80)).size).toBe(64)
})

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
