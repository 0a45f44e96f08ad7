import { setTimeout as sleep } from 'node:timers/promises'
import { type ClientEvent, ConsumerManager, SourceTopic, TidemarkError } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { text } from '../support/read-rows.js'
import { rowsOf } from '../support/rows.js'
import { DEADLINE_MS, until } from '../support/until.js'

const RECORDS = 2_000
/** So much that it does not fit into the smallest budget. */
const PADDING = 'x'.repeat(4_000)
const STALL_MS = 400

/** Two brokers; partition 0 is led by broker 1, partition 1 by broker 2; records alternate. */
async function clusterOfTwo() {
  const cluster = MockCluster.start({ brokers: 2 })
  cluster.createTopic('t', { partitions: 2 })
  cluster.setLeader('t', 0, 1)
  cluster.setLeader('t', 1, 2)
  await using producer = await Producer.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers, 'batch.num.messages': 10 },
  })
  for (let i = 0; i < RECORDS; i++) {
    await producer.send({
      topic: 't',
      partition: i % 2,
      timestamp: 1_000 + i,
      value: `${i} ${PADDING}`,
    })
  }
  await producer.flush()
  return cluster
}

function open(cluster: MockCluster, options: object = {}) {
  return ConsumerManager.create({
    config: {
      'bootstrap.servers': cluster.bootstrapServers,
      'reconnect.backoff.ms': 20,
      'reconnect.backoff.max.ms': 100,
    },
    topics: [SourceTopic.fromEarliest('t')],
    batchSize: 100,
    stallTimeoutMs: STALL_MS,
    ...options,
  })
}

/** The values of the next rows, as text: at least `count`, or all up to the end of the replay. */
async function takeRows(manager: ConsumerManager, count: number): Promise<string[]> {
  const values: string[] = []
  while (values.length < count && !manager.isLive()) {
    for (const { value } of rowsOf(await manager.poll(60_000))) values.push(text(value) ?? '')
  }
  return values
}

const expected = Array.from({ length: RECORDS }, (_, i) => `${i} ${PADDING}`)

test('a broker that is down ends in a stall that names it; the replay goes on when it is back', async () => {
  await using cluster = await clusterOfTwo()
  const events: ClientEvent[] = []
  await using manager = await open(cluster, {
    maxBufferedBytes: 1 << 20,
    onEvent: (event: ClientEvent) => events.push(event),
  })
  const rows = await takeRows(manager, 1)
  cluster.setBrokerDown(2, true)

  const stalls: TidemarkError[] = []
  while (stalls.length < 2) {
    expect(manager.isLive()).toBe(false)
    try {
      rows.push(...(await takeRows(manager, 1)))
    } catch (error) {
      stalls.push(error as TidemarkError)
    }
  }
  const broker = cluster.bootstrapServers.split(',')[1]
  for (const stall of stalls) {
    expect(stall).toBeInstanceOf(TidemarkError)
    expect(stall).toMatchObject({ code: 'ERR_STALLED', topic: 't', partition: 1, retriable: true })
    expect(stall.message).toContain(`end offset is ${RECORDS / 2}`)
    expect(stall.message).toContain(`its broker ${broker} cannot be reached`)
    expect(stall.message).toMatch(/\d+ records that were fetched wait for it, those of t-0/)
  }
  expect(stalls[0]?.offset).toBe(stalls[1]?.offset)
  expect(rows).toEqual(expected.slice(0, rows.length))

  cluster.setBrokerDown(2, false)
  while (!manager.isLive()) {
    rows.push(...(await takeRows(manager, 1).catch(ignoreStall)))
  }
  expect(rows).toEqual(expected)
  const types = events.map(({ type }) => type)
  expect(types).toEqual(expect.arrayContaining(['brokerUp', 'brokerDown', 'stalled']))
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'brokerDown', broker, brokerId: 2 }),
  )
})

test('the time in which nobody polls does not count towards a stall', async () => {
  const stallTimeoutMs = 3_000
  await using cluster = await clusterOfTwo()
  await using manager = await open(cluster, { maxBufferedBytes: 1 << 20, stallTimeoutMs })
  cluster.setBrokerDown(2, true)
  // What can be released is read. From here on every poll waits for partition 1.
  await until('nothing is ready', async () => (await manager.poll(20)).numRows === 0)
  for (let i = 0; i < 2; i++) {
    await sleep(1.5 * stallTimeoutMs) // the pause is what is tested
    expect((await manager.poll(20)).numRows).toBe(0)
  }
  // The time in which somebody does counts.
  await expect(manager.poll(DEADLINE_MS)).rejects.toMatchObject({ code: 'ERR_STALLED' })
})

test('a stallTimeoutMs of Infinity turns stalls off', async () => {
  await using cluster = await clusterOfTwo()
  await using manager = await open(cluster, {
    maxBufferedBytes: 1 << 20,
    stallTimeoutMs: Number.POSITIVE_INFINITY,
  })
  cluster.setBrokerDown(2, true)
  const until = performance.now() + 3 * STALL_MS
  while (performance.now() < until) await manager.poll(50)
})

test('in live, silence is no stall, with an open transaction and with a broker down', async () => {
  await using cluster = MockCluster.start({ brokers: 2 })
  cluster.createTopic('t', { partitions: 2 })
  cluster.setLeader('t', 0, 1)
  cluster.setLeader('t', 1, 2)
  await using manager = await open(cluster)
  expect(manager.isLive()).toBe(true)
  const config = { 'bootstrap.servers': cluster.bootstrapServers, 'transactional.id': 'x' }
  await using producer = await Producer.create({ config, closeTimeoutMs: 1 })
  await producer.beginTransaction()
  await producer.send({ topic: 't', partition: 0, value: 'open' })
  await producer.flush()
  cluster.setBrokerDown(2, true)
  const until = performance.now() + 4 * STALL_MS
  while (performance.now() < until) expect((await manager.poll(100)).numRows).toBe(0)
})

function ignoreStall(error: unknown): string[] {
  if (error instanceof TidemarkError && error.code === 'ERR_STALLED') return []
  throw error
}
