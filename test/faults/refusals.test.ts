import { type ClientEvent, ConsumerManager, SourceTopic } from '../../src/index.js'
import { HostileBroker, type HostileTopic } from '../support/hostile-broker/index.js'
import { until } from '../support/until.js'
import { THREE } from './hostile-scene.js'
import { ReplayReader, readReplay } from './read-replay.js'

let first: HostileBroker
let second: HostileBroker
let topic: HostileTopic
beforeEach(async () => {
  first = await HostileBroker.start()
  second = await first.startAnother()
  topic = first.createTopic('t', 2)
  for (const log of topic.partitions) for (let i = 0; i < 5; i++) log.append(THREE)
})
afterEach(async () => {
  await first.close()
  await second.close()
})

function createManager(onEvent?: (event: ClientEvent) => void): Promise<ConsumerManager> {
  return ConsumerManager.create({
    config: {
      'bootstrap.servers': [first, second].map(({ host, port }) => `${host}:${port}`).join(),
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanism': 'PLAIN',
      'sasl.username': 'user',
      'sasl.password': 'password',
    },
    topics: [SourceTopic.fromEarliest('t')],
    ...(onEvent && { onEvent }),
  })
}

describe('where one of two brokers refuses at creation', () => {
  test('the stream is read from the other, if the one leads nothing', async () => {
    second.isRefusing = true
    await using manager = await createManager()
    const reader = new ReplayReader(manager)
    expect(await reader.readUntil(() => manager.isLive())).toBeNull()
    expect(reader.rows).toHaveLength(30)
  })

  test('the stream is read from the other, if the one is the controller', async () => {
    for (const log of topic.partitions) log.leader = second.id
    first.isRefusing = true
    await using manager = await createManager()
    const reader = new ReplayReader(manager)
    expect(await reader.readUntil(() => manager.isLive())).toBeNull()
    expect(reader.rows).toHaveLength(30)
  })

  test('create fails with ERR_AUTHENTICATION, if the one leads a partition', async () => {
    topic.partition(1).leader = second.id
    second.isRefusing = true
    await expect(createManager()).rejects.toMatchObject({
      code: 'ERR_AUTHENTICATION',
      message: expect.stringMatching(`127.0.0.1:${second.port}.*you are refused`),
    })
  })
})

test('a stream is read from the other broker where the controller never answers', async () => {
  for (const log of topic.partitions) log.leader = second.id
  first.onResponse = (api, frame) => (api === 'metadata' ? null : frame)
  const outcome = await readReplay(second)
  expect(outcome.error).toBeNull()
  expect(outcome.rows).toHaveLength(30)
})

test('create fails with ERR_AUTHENTICATION where all brokers refuse', async () => {
  first.isRefusing = second.isRefusing = true
  await expect(createManager()).rejects.toMatchObject({
    code: 'ERR_AUTHENTICATION',
    message: expect.stringContaining('you are refused'),
  })
})

test('a broker that refuses in mid-stream fails only its own partitions', async () => {
  topic.partition(1).leader = second.id
  const slow = topic.partition(0)
  slow.maxBytes = 1
  let isStopped = true
  slow.onFetch = (offset, answer) => {
    if (isStopped && offset >= 6) answer.records = Buffer.alloc(0)
  }
  const refusals: number[] = []
  await using manager = await createManager((event) => {
    if (event.type === 'error' && event.broker === `127.0.0.1:${second.port}`)
      refusals.push(performance.now())
  })
  const consumed = (row: number) => manager.partitionState().getChild('consumed_offset')?.get(row)
  await until('both are read as far as can be', () => consumed(0) === 5n && consumed(1) === 14n)

  second.refuse()
  await until('it has refused for 6 s', () => Number(refusals.at(-1)) > Number(refusals[0]) + 6_000)
  isStopped = false
  const reader = new ReplayReader(manager)
  // What was fetched of the one that failed is all of its replay, so that the replay ends well.
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  expect(reader.rows).toHaveLength(30)
  expect(await reader.readUntil(() => false)).toMatchObject({
    code: 'ERR_AUTHENTICATION',
    topic: 't',
    partition: 1,
    offset: 15n,
    message: expect.stringContaining('you are refused'),
  })
})

// As when a broker says goodbye before it comes back with another password: nobody was to blame then.
test('brokers that all refuse in mid-stream fail partitions without a leader, too', async () => {
  for (const log of topic.partitions) log.maxBytes = 1
  let isAsked = 0
  first.onResponse = (api, frame) => {
    if (api === 'metadata') isAsked++
    return frame
  }
  await using manager = await createManager()
  const reader = new ReplayReader(manager)
  await reader.readUntil(() => reader.rows.length >= 3)
  const before = isAsked
  for (const log of topic.partitions) {
    log.leader = -1
    log.leaderEpoch++
  }
  await until('the client knows that there is no leader', () => isAsked >= before + 2)
  for (const broker of [first, second]) broker.refuse()
  expect(await reader.readUntil(() => false)).toMatchObject({
    code: 'ERR_AUTHENTICATION',
    topic: 't',
    message: expect.stringContaining('you are refused'),
  })
})
