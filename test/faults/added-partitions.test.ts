import { type ClientEvent, ConsumerManager, SourceTopic } from '../../src/index.js'
import type { HostileBroker, HostileTopic } from '../support/hostile-broker/index.js'
import { until } from '../support/until.js'
import { fill, setHostileScene, THREE } from './hostile-scene.js'
import { offsetsOf, ReplayReader, range } from './read-replay.js'

let broker: HostileBroker
let topic: HostileTopic
setHostileScene((scene) => {
  ;({ broker, topic } = scene)
  fill(scene.log)
})

function createManager(): Promise<ConsumerManager> {
  return ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
  })
}

const added = (manager: ConsumerManager) =>
  manager.partitionState().numRows === 2 &&
  manager.partitionState().getChild('consumed_offset')?.get(1) === 5n

function add(): void {
  const log = topic.addPartition()
  for (let i = 0; i < 2; i++) log.append(THREE)
}

/** Reads six rows, and no more until `goOn()`; the new partition has been seen by then. */
async function addWithinTheReplay(manager: ConsumerManager) {
  let stopped = true
  topic.partition(0).onFetch = (offset, answer) => {
    if (stopped && offset >= 6) answer.records = Buffer.alloc(0)
  }
  add()
  const reader = new ReplayReader(manager)
  // The offset where the new partition starts is asked for when it has been seen.
  let asked = false
  broker.onResponse = (api, frame) => {
    asked ||= api === 'listOffsets'
    return frame
  }
  expect(await reader.readUntil(() => asked && reader.rows.length === 6)).toBeNull()
  const goOn = () => {
    stopped = false
  }
  return { reader, goOn }
}

test('partitions added in live are read from their beginning, and shown', async () => {
  await using manager = await createManager()
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  add()
  expect(await reader.readUntil(() => reader.rows.length === 21)).toBeNull()
  const rows = reader.rows.filter(({ partition }) => partition === 1)
  expect(offsetsOf({ rows })).toEqual(range(6))
  const state = manager.partitionState()
  expect(state.getChild('partition')?.toJSON()).toEqual([0, 1])
  expect(state.getChild('replay_end_offset')?.toJSON()).toEqual([15n, 0n])
  expect(state.getChild('released_offset')?.toJSON()).toEqual([14n, 5n])
  expect(state.getChild('is_live')?.toJSON()).toEqual([true, true])
})

test('partitions added during the replay, whose end offsets are fixed, join in live', async () => {
  await using manager = await createManager()
  topic.partition(0).maxBytes = 1
  const { reader, goOn } = await addWithinTheReplay(manager)
  expect(offsetsOf({ rows: reader.rows })).toEqual(range(6))
  expect(manager.isLive()).toBe(false)
  expect(manager.partitionState().numRows).toBe(1)
  goOn()
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  expect(reader.rows).toHaveLength(15)
  expect(await reader.readUntil(() => added(manager))).toBeNull()
  expect(await reader.readUntil(() => reader.rows.length === 21)).toBeNull()
})

test('added partitions share the budget with those that were there', async () => {
  const count = 16
  const budget = count * 65_536
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
    maxBufferedBytes: budget,
    batchSize: 1,
  })
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  const value = 'x'.repeat(1_000)
  for (let partition = 1; partition < count; partition++) {
    const log = topic.addPartition()
    log.maxBytes = 1
    for (let i = 0; i < 500; i++) log.append({ records: [{ value }] })
  }
  const all = () => manager.partitionState().numRows === count
  expect(await reader.readUntil(all)).toBeNull()
  await until('they are full', () => manager.pausedPartitionCount() === count - 1)
  expect(manager.heldMessageCount() * value.length).toBeLessThan(budget / 2)
})

test('logger and onEvent are told of added partitions', async () => {
  const lines: string[] = []
  const events: ClientEvent[] = []
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
    logger: ({ message }) => lines.push(message),
    onEvent: (event) => events.push(event),
  })
  const reader = new ReplayReader(manager)
  await reader.readUntil(() => manager.isLive())
  add()
  await reader.readUntil(() => reader.rows.length === 21)
  expect(lines).toContainEqual("topic 't' has a new partition, 1: read from offset 0")
  expect(events.filter(({ type }) => type === 'partitionAdded')).toEqual([
    { type: 'partitionAdded', topic: 't', partition: 1, offset: 0n },
  ])
})

// The two topics are asked for together: what is known of one is known of the other.
test('partitions added to a topic of which some are named do not join', async () => {
  const other = broker.createTopic('u')
  const events: ClientEvent[] = []
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t', { partitions: [0] }), SourceTopic.fromEarliest('u')],
    onEvent: (event) => events.push(event),
  })
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  add()
  other.addPartition().append(THREE)
  expect(await reader.readUntil(() => manager.partitionState().numRows === 3)).toBeNull()
  const state = manager.partitionState()
  expect(state.getChild('topic')?.toJSON()).toEqual(['t', 'u', 'u'])
  expect(events.filter(({ type }) => type === 'partitionAdded')).toMatchObject([
    { topic: 'u', partition: 1 },
  ])
})

test('partitions added before a stream ends do not join', async () => {
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
    until: 'now',
  })
  const { reader, goOn } = await addWithinTheReplay(manager)
  goOn()
  expect(await reader.readUntil(() => manager.phase() === 'ended')).toBeNull()
  expect(reader.rows).toHaveLength(15)
  expect(manager.partitionState().numRows).toBe(1)
})
