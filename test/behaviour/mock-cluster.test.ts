import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { readRows } from '../support/read-rows.js'
import { DEADLINE_MS } from '../support/until.js'

const TIME = 1_700_000_000_000

let cluster: MockCluster
afterEach(() => cluster.close())

function start(brokers: number, ...topics: [string, number][]) {
  cluster = MockCluster.start({ brokers })
  for (const [name, partitions] of topics) cluster.createTopic(name, { partitions })
  return { 'bootstrap.servers': cluster.bootstrapServers }
}

test('a mock cluster has an address a broker, and a topic as many partitions as asked for', async () => {
  const config = start(3, ['t', 5])
  expect(cluster.bootstrapServers).toMatch(/^127\.0\.0\.1:\d+(,127\.0\.0\.1:\d+){2}$/)
  await using manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest('t')],
  })
  expect(manager.partitionState().numRows).toBe(5)
})

test('mock clusters are independent of each other', async () => {
  start(1, ['t', 1])
  await using other = MockCluster.start()
  expect(other.bootstrapServers).not.toBe(cluster.bootstrapServers)
  other.createTopic('t')
})

test('a mock partition without leader takes no records until it has one again', async () => {
  const config = start(2, ['t', 1])
  cluster.setLeader('t', 0, null)
  await using producer = await Producer.create({ config, timeoutMs: 300 })
  await producer.send({ topic: 't', partition: 0, value: 'a' })
  await expect(producer.flush()).rejects.toMatchObject({ code: 'ERR_KAFKA', retriable: true })
  for (const leader of [2, 1]) {
    cluster.setLeader('t', 0, leader)
    await producer.send({ topic: 't', partition: 0, value: `leader ${leader}` })
    await flushUntilDone(producer)
  }
  const rows = await readRows(config, 't')
  expect(rows.map(({ value }) => value)).toEqual(['a', 'leader 2', 'leader 1'])
})

test('what was sent while a mock broker was down arrives when it is up again', async () => {
  const config = start(1, ['t', 1])
  await using producer = await Producer.create({ config, timeoutMs: 300 })
  await producer.send({ topic: 't', partition: 0, value: '0' })
  await producer.flush()
  cluster.setBrokerDown(1, true)
  for (let i = 1; i < 100; i++) await producer.send({ topic: 't', partition: 0, value: `${i}` })
  await expect(producer.flush()).rejects.toMatchObject({
    code: 'ERR_KAFKA',
    retriable: true,
    message: expect.stringMatching(/^flush: 99 records are not acknowledged/),
  })
  cluster.setBrokerDown(1, false)
  await flushUntilDone(producer)
  const rows = await readRows(config, 't')
  expect(rows.map(({ value }) => value)).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`))
})

test('a mock broker keeps responses back for its round-trip time', async () => {
  const config = start(1, ['t', 1])
  await using producer = await Producer.create({ config })
  const flushMs = async () => {
    await producer.send({ topic: 't', partition: 0 })
    const started = performance.now()
    await producer.flush()
    return performance.now() - started
  }
  await flushMs()
  cluster.setRoundTripTime(1, 300)
  expect(await flushMs()).toBeGreaterThan(280)
})

describe('a start by time on the mock cluster', () => {
  const timestamps = [TIME, TIME + 40, TIME + 20, TIME + 60, TIME + 80]

  async function readFrom(codec: string, epochMs: number) {
    const config = start(1, ['t', 1])
    const producer = await Producer.create({ config: { ...config, 'compression.codec': codec } })
    const value = 'compresses well '.repeat(20)
    await producer.sendAll(
      timestamps.map((timestamp) => ({ topic: 't', partition: 0, timestamp, value })),
    )
    await producer.close()
    const rows = await readRows(config, SourceTopic.fromAbsoluteTime('t', epochMs))
    return rows.map(({ offset }) => Number(offset))
  }

  test.each([
    [TIME - 1, [0, 1, 2, 3, 4]],
    [TIME, [0, 1, 2, 3, 4]],
    [TIME + 1, [1, 2, 3, 4]],
    [TIME + 41, [3, 4]],
    [TIME + 80, [4]],
    [TIME + 81, []],
  ])('is at the right offset for %p', async (epochMs, offsets) => {
    expect(await readFrom('none', epochMs)).toEqual(offsets)
  })

  test('is refused where the cluster cannot tell', async () => {
    await expect(readFrom('zstd', TIME + 1)).rejects.toMatchObject({
      code: 'ERR_TIME_LOOKUP_UNSUPPORTED',
    })
  })
})

describe('a mock cluster refuses', () => {
  test.each<[string, () => unknown, string, string]>([
    [
      'no brokers',
      () => MockCluster.start({ brokers: 0 }),
      'ERR_INVALID_ARGUMENT',
      'brokers must be an integer from 1 to 100, not 0',
    ],
    [
      'an unknown option',
      () => MockCluster.start({ broker: 1 } as object),
      'ERR_INVALID_ARGUMENT',
      "MockCluster.start has no option 'broker'; did you mean 'brokers'?",
    ],
    [
      'a wrong topic name',
      () => cluster.createTopic('a b'),
      'ERR_INVALID_ARGUMENT',
      '"a b" is not a topic name',
    ],
    [
      'no partitions',
      () => cluster.createTopic('x', { partitions: 0 }),
      'ERR_INVALID_ARGUMENT',
      'partitions must be an integer from 1 to 10,000, not 0',
    ],
    ['a topic twice', () => cluster.createTopic('t'), 'ERR_KAFKA', "has a topic 't' already"],
    [
      'the leader of an unknown topic',
      () => cluster.setLeader('x', 0, 1),
      'ERR_UNKNOWN_TOPIC',
      "the mock cluster has no topic 'x': create it with createTopic first",
    ],
    [
      'the leader of an unknown partition',
      () => cluster.setLeader('t', 2, 1),
      'ERR_INVALID_ARGUMENT',
      'partition must be an integer from 0 to 1, not 2',
    ],
    [
      'an unknown broker as leader',
      () => cluster.setLeader('t', 0, 2),
      'ERR_INVALID_ARGUMENT',
      'broker must be an integer from 1 to 1, not 2',
    ],
    [
      'an unknown broker to be down',
      () => cluster.setBrokerDown(0, true),
      'ERR_INVALID_ARGUMENT',
      'broker must be an integer from 1 to 1, not 0',
    ],
    [
      'a negative round-trip time',
      () => cluster.setRoundTripTime(1, -1),
      'ERR_INVALID_ARGUMENT',
      'ms must be an integer from 0 to 60,000, not -1',
    ],
    [
      'its constructor',
      () => new (MockCluster as unknown as new () => MockCluster)(),
      'ERR_INVALID_ARGUMENT',
      'use MockCluster.start',
    ],
  ])('%s', (_what, act, code, message) => {
    start(1, ['t', 2])
    expect(act).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  test('everything after close, but not another close', async () => {
    start(1, ['t', 1])
    await cluster.close()
    await cluster.close()
    for (const act of [
      () => cluster.createTopic('x'),
      () => cluster.setLeader('t', 0, null),
      () => cluster.setBrokerDown(1, true),
      () => cluster.setRoundTripTime(1, 1),
    ]) {
      expect(act).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    }
  })
})

/** The producer finds a leader or a broker again after a pause of librdkafka's. */
async function flushUntilDone(producer: Producer): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  for (;;) {
    try {
      return await producer.flush()
    } catch (error) {
      if (!(error as { retriable: boolean }).retriable || Date.now() > deadline) throw error
    }
  }
}
