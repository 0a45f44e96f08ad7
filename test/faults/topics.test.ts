import { ConsumerManager, SourceTopic } from '../../src/index.js'
import type { HostileBroker, HostileTopic } from '../support/hostile-broker/index.js'
import { fill, setHostileScene, THREE } from './hostile-scene.js'
import { expectFault, offsetsOf, ReplayReader, range, readReplay } from './read-replay.js'

const OTHER = { records: [{ value: 'of another topic' }] }

let broker: HostileBroker
let topic: HostileTopic
setHostileScene((scene) => {
  ;({ broker, topic } = scene)
  fillAll(topic)
})

function fillAll({ partitions }: HostileTopic): void {
  for (const log of partitions) fill(log)
}

function createManager(): Promise<ConsumerManager> {
  return ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
  })
}

/** Reads the replay, and what happens to the topic then. */
async function readLive(happens: () => void) {
  await using manager = await createManager()
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  happens()
  const error = await reader.readUntil(() => false)
  return { ...reader.outcome(), error }
}

/** The one that has the name is another one: longer than the position, so that no offset tells. */
function createAgain(partitions = 1): void {
  broker.deleteTopic('t')
  const other = broker.createTopic('t', partitions)
  for (const log of other.partitions) {
    for (let i = 0; i < 40; i++) log.append(OTHER)
  }
}

describe('a topic that is deleted', () => {
  test('ends the live stream', async () => {
    expectFault(await readLive(() => broker.deleteTopic('t')), {
      goodOffsets: range(15),
      code: 'ERR_UNKNOWN_TOPIC',
      offset: 15,
      says: /check the topic's name, and that the cluster .* has it/,
    })
  })

  test('ends the replay', async () => {
    topic.partition(0).onFetch = (offset) => {
      if (offset === 6) broker.deleteTopic('t')
    }
    expectFault(await readReplay(broker), {
      goodOffsets: range(9),
      code: 'ERR_UNKNOWN_TOPIC',
      offset: 9,
      says: /check the topic's name, and that the cluster .* has it/,
    })
  })
})

test('a broker that does not know the topic for a moment is no fault', async () => {
  await using manager = await ConsumerManager.create({
    // Without time for metadata to propagate librdkafka gives the topic up at the first word.
    config: { ...broker.config, 'topic.metadata.propagation.max.ms': '0' },
    topics: [SourceTopic.fromEarliest('t')],
  })
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  let forgotten = 0
  broker.onResponse = (api, frame) => {
    if (api === 'metadata' && !broker.topics.has('t')) {
      forgotten++
      broker.topics.set('t', topic)
    }
    return frame
  }
  broker.deleteTopic('t')
  expect(await reader.readUntil(() => forgotten > 0)).toBeNull()
  topic.partition(0).append(THREE)
  expect(await reader.readUntil(() => reader.rows.length === 18)).toBeNull()
  expect(offsetsOf(reader)).toEqual(range(18))
})

test('a broker that does not know the topic for 6 s, as when it starts, is no fault', async () => {
  const FORGETFUL_MS = 6_000
  await using manager = await createManager()
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  // Two looks of the engine fall into the time that begins right after one.
  let begin = 0
  broker.onResponse = (api, frame) => {
    if (api === 'metadata' && begin === 0) {
      begin = performance.now()
      broker.deleteTopic('t')
    }
    return frame
  }
  const isOver = () => begin > 0 && performance.now() - begin > FORGETFUL_MS
  expect(await reader.readUntil(isOver)).toBeNull()
  broker.topics.set('t', topic)
  topic.partition(0).append(THREE)
  expect(await reader.readUntil(() => reader.rows.length === 18)).toBeNull()
  expect(offsetsOf(reader)).toEqual(range(18))
})

describe('a topic that is deleted and created again', () => {
  const says = /deleted and created again; create a new manager to read the topic that has the name/

  test('ends the live stream before any record of the new one', async () => {
    expectFault(await readLive(() => createAgain()), {
      goodOffsets: range(15),
      code: 'ERR_TOPIC_RECREATED',
      offset: 15,
      says,
    })
  })

  test('ends the replay before any record of the new one', async () => {
    topic.partition(0).onFetch = (offset) => {
      if (offset === 6) createAgain()
    }
    expectFault(await readReplay(broker), {
      goodOffsets: range(9),
      code: 'ERR_TOPIC_RECREATED',
      offset: 9,
      says,
    })
  })

  test('ends the stream also where the new one has fewer partitions', async () => {
    topic = broker.createTopic('t', 3)
    fillAll(topic)
    const outcome = await readLive(() => createAgain(1))
    expect(outcome.rows).toHaveLength(45)
    expect(outcome.error).toMatchObject({ code: 'ERR_TOPIC_RECREATED', topic: 't', offset: 15n })
  })

  test('ends the stream, if late, on brokers that fetch by name (before 3.1)', async () => {
    broker.newestVersions.fetch = 12
    const outcome = await readLive(() => createAgain())
    expect(offsetsOf(outcome).slice(0, 15)).toEqual(range(15))
    expect(outcome.error).toMatchObject({ code: 'ERR_TOPIC_RECREATED', topic: 't', partition: 0 })
  })

  test('is no fault where that was before the manager was created', async () => {
    createAgain()
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(outcome.rows).toHaveLength(40)
  })
})
