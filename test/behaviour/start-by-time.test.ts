import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { openCluster, type TestCluster } from '../support/cluster.js'
import { replayOf, take, text } from '../support/read-rows.js'
import type { Row } from '../support/rows.js'

const TIME = 1_700_000_000_000
const HOUR = 3_600_000

let cluster: TestCluster
let topic: string
let producer: Producer
beforeEach(async () => {
  cluster = openCluster()
  topic = await cluster.createTopic('by-time')
  producer = await Producer.create({ config: { ...cluster.config, 'transactional.id': topic } })
})
afterEach(async () => {
  await producer.close()
  await cluster.close()
})

const values = (rows: Row[]) => rows.map(({ value }) => text(value))
const from = (time: number) => ({
  config: cluster.config,
  topics: [SourceTopic.fromAbsoluteTime(topic, time)],
})

async function write(times: number[], outcome: 'commit' | 'abort' = 'commit'): Promise<void> {
  await producer.beginTransaction()
  for (const timestamp of times) {
    await producer.send({ topic, partition: 0, timestamp, value: `${timestamp - TIME}` })
  }
  await producer.flush()
  await (outcome === 'commit' ? producer.commitTransaction() : producer.abortTransaction())
}

// The broker's look-up counts the aborted record, and the markers, which have its own clock's time.
test('a start by time leaves out what comes before the first visible record at or past it', async () => {
  await write([TIME, TIME + 1])
  await write([TIME + HOUR], 'abort')
  await write([TIME + 2, TIME + 100, TIME + 3])
  await write([TIME + 101])
  await using manager = await ConsumerManager.create(from(TIME + 100))
  expect(values(await replayOf(manager))).toEqual(['100', '3', '101'])
  expect(manager.partitionState().toArray()[0]?.late_records).toBe(1n)

  // The aborted record is one of them here.
  await using uncommitted = await ConsumerManager.create({
    ...from(TIME + 100),
    isolationLevel: 'read_uncommitted',
  })
  expect(values(await replayOf(uncommitted))).toEqual([`${HOUR}`, '2', '100', '3', '101'])
})

test('a start by time that no visible record reaches starts at the end', async () => {
  await write([TIME])
  await write([TIME + HOUR], 'abort')
  await write([TIME + 1])
  await using manager = await ConsumerManager.create(from(TIME + 100))
  expect(values(await replayOf(manager))).toEqual([])
  expect(manager.heldMessageCount()).toBe(0)
  await write([TIME + 2])
  expect(values(await take(manager, 1))).toEqual(['2'])
})

test('a capture of a start by time begins with the first row of the stream', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-by-time-'))
  try {
    await write([TIME, TIME + 1])
    await write([TIME + HOUR], 'abort')
    await write([TIME + 2, TIME + 100, TIME + 3])
    const capture = join(folder, 'capture')
    const manager = await ConsumerManager.create({ ...from(TIME + 100), capture: { dir: capture } })
    expect(values(await replayOf(manager))).toEqual(['100', '3'])
    await manager.close()
    await using captured = await ConsumerManager.create({
      segments: capture,
      topics: [SourceTopic.fromEarliest(topic)],
    })
    expect(values(await replayOf(captured))).toEqual(['100', '3'])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
