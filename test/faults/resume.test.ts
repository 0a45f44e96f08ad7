import { ConsumerManager, SourceTopic, TidemarkError } from '../../src/index.js'
import type { HostileBroker, HostileLog, HostileTopic } from '../support/hostile-broker/index.js'
import { fill, setHostileScene, THREE } from './hostile-scene.js'
import {
  expectFault,
  type Outcome,
  offsetsOf,
  ReplayReader,
  range,
  readReplay,
  readUntilFault,
} from './read-replay.js'

let broker: HostileBroker
let topic: HostileTopic
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, topic, log } = scene)
  fill(log)
})

/** Of a stream that is interrupted behind `rows` rows, six at most in a batch. */
async function tokenBehind(rows: number): Promise<string> {
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
    batchSize: 3,
  })
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => reader.rows.length >= rows)).toBeNull()
  expect(reader.rows).toHaveLength(rows)
  return manager.token()
}

/** Resumes, and reads on in live until the stream fails. */
async function resume(token: string): Promise<Outcome> {
  try {
    return await readUntilFault(broker, { resume: token })
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error
    return { rows: [], error, sha256: '', gaps: 0 }
  }
}

test.each([6, 15])(
  'a log that was truncated before row %i and has grown past it is an error',
  async (rows) => {
    const token = await tokenBehind(rows)
    log.truncateTo(3)
    for (let i = 0; i < 20; i++) log.append({ records: [{ value: 'other' }] })
    expectFault(await resume(token), {
      goodOffsets: [],
      code: 'ERR_LOG_TRUNCATED',
      offset: rows,
      says: /unclean leader election/,
    })
  },
)

test('a log that was truncated behind what was released goes on', async () => {
  const token = await tokenBehind(15)
  log.append(THREE)
  log.truncateTo(15)
  log.append(THREE)
  const outcome = await readReplay(broker, { resume: token })
  expect(outcome.error).toBeNull()
  expect(offsetsOf(outcome)).toEqual([15, 16, 17])
})

test('a log that ends before the token is an error of create', async () => {
  const token = await tokenBehind(15)
  log.truncateTo(12)
  expectFault(await resume(token), {
    goodOffsets: [],
    code: 'ERR_LOG_TRUNCATED',
    offset: 15,
    says: /the log ends at offset 12.*start without the token/,
  })
})

test('a log that ends before the end of the replay is an error of create', async () => {
  const token = await tokenBehind(6)
  log.truncateTo(12)
  expectFault(await resume(token), {
    goodOffsets: [],
    code: 'ERR_LOG_TRUNCATED',
    offset: 6,
    says: /records before offset 15, but the log ends at offset 12/,
  })
})

test('an offset that is gone is an error of create, which says how many are', async () => {
  const token = await tokenBehind(6)
  log.deleteBefore(10)
  expectFault(await resume(token), {
    goodOffsets: [],
    code: 'ERR_OFFSET_OUT_OF_RANGE',
    offset: 6,
    says: /the log begins at offset 10 by now, so that 4 records are gone/,
  })
})

test('records that were released may be gone', async () => {
  const token = await tokenBehind(6)
  log.deleteBefore(6)
  expect(offsetsOf(await readReplay(broker, { resume: token }))).toEqual(range(15).slice(6))
})

test('a topic that was deleted and created again is an error of create', async () => {
  const token = await tokenBehind(6)
  broker.deleteTopic('t')
  fill(broker.createTopic('t').partition(0))
  await expect(
    ConsumerManager.create({
      config: broker.config,
      topics: [SourceTopic.fromEarliest('t')],
      resume: token,
    }),
  ).rejects.toMatchObject({ code: 'ERR_TOPIC_RECREATED', topic: 't' })
})

describe('a partition that was added since', () => {
  function add(): void {
    const added = topic.addPartition()
    for (let i = 0; i < 2; i++) added.append(THREE)
  }

  test('joins in live when the replay is gone on with', async () => {
    const token = await tokenBehind(6)
    add()
    await using manager = await ConsumerManager.create({
      config: broker.config,
      topics: [SourceTopic.fromEarliest('t')],
      resume: token,
    })
    const reader = new ReplayReader(manager)
    expect(await reader.readUntil(() => manager.isLive())).toBeNull()
    expect(reader.rows.map(({ partition, offset }) => [partition, offset])).toEqual(
      range(15)
        .slice(6)
        .map((offset) => [0, offset]),
    )
    expect(await reader.readUntil(() => reader.rows.length === 15)).toBeNull()
    const rows = reader.rows.slice(9)
    expect(rows.map(({ partition, offset }) => [partition, offset])).toEqual(
      range(6).map((offset) => [1, offset]),
    )
  })

  test('takes part in the replay of what live has missed', async () => {
    const token = await tokenBehind(15)
    add()
    const { rows, error } = await readReplay(broker, { resume: token })
    expect(error).toBeNull()
    expect(rows.map(({ partition, offset }) => [partition, offset])).toEqual(
      range(6).map((offset) => [1, offset]),
    )
  })
})

test('a stream that has failed has the token of its last batch, which leads to the same fault', async () => {
  log.skip(3)
  log.append(THREE)
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
  })
  const reader = new ReplayReader(manager)
  const error = await reader.readUntil(() => false)
  expect(error).toMatchObject({ code: 'ERR_OFFSET_GAP', offset: 15n })
  expect(reader.rows).toHaveLength(15)
  expectFault(await resume(manager.token()), {
    goodOffsets: [],
    code: 'ERR_OFFSET_GAP',
    offset: 15,
    says: /offsets/,
  })
})
