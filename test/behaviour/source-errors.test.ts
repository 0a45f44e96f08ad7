import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ClientEvent,
  ConsumerManager,
  type LogEntry,
  type MultiSourceOptions,
  type SourceOptions,
  SourceTopic,
  TidemarkError,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { HostileBroker } from '../support/hostile-broker/index.js'
import { DEADLINE_MS, until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000

let eu: MockCluster
let us: MockCluster
beforeEach(() => {
  eu = MockCluster.start()
  us = MockCluster.start()
  for (const cluster of [eu, us]) cluster.createTopic('t', { partitions: 2 })
})
afterEach(async () => {
  await eu.close()
  await us.close()
})

const topics = [SourceTopic.fromEarliest('t')]
const configOf = (cluster: MockCluster) => ({
  'bootstrap.servers': cluster.bootstrapServers,
  'reconnect.backoff.ms': 20,
  'reconnect.backoff.max.ms': 100,
})
const good = (): SourceOptions => ({ name: 'eu', config: configOf(eu), topics })

const create = (other: Partial<SourceOptions>, options: Partial<MultiSourceOptions> = {}) =>
  ConsumerManager.create({
    sources: [good(), { name: 'us', config: configOf(us), topics, ...other } as SourceOptions],
    ...options,
  })

test('create names the source whose topic is not known', async () => {
  await expect(create({ topics: [SourceTopic.fromEarliest('trades')] })).rejects.toMatchObject({
    name: 'TidemarkError',
    code: 'ERR_UNKNOWN_TOPIC',
    source: 'us',
    topic: 'trades',
    message: expect.stringMatching(/^source 'us': .*'trades'/),
  })
})

test('create names the source whose folder is not there', async () => {
  const segments = join(tmpdir(), 'tidemark-there-is-no-such-folder')
  const archive: SourceOptions = { name: 'archive', segments, topics }
  for (const sources of [
    [good(), archive],
    [archive, good()],
  ]) {
    await expect(ConsumerManager.create({ sources })).rejects.toMatchObject({
      code: 'ERR_SEGMENT_UNREADABLE',
      source: 'archive',
      message: expect.stringContaining("source 'archive': "),
    })
  }
})

test('create names the source whose brokers do not answer', async () => {
  const config = { 'bootstrap.servers': '127.0.0.1:1' }
  // Its time is over first: the good one, too, may be slow on a busy machine.
  const sources: SourceOptions[] = [{ name: 'us', config, topics }, good()]
  await expect(ConsumerManager.create({ sources, createTimeoutMs: 1_000 })).rejects.toMatchObject({
    code: 'ERR_CREATE_TIMEOUT',
    source: 'us',
    message: expect.stringMatching(/^source 'us': .*no answer from '127\.0\.0\.1:1'/),
  })
})

test('a property that librdkafka refuses names its source', async () => {
  const config = { ...configOf(us), 'socket.timeout.ms': 5 }
  await expect(create({ config })).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    source: 'us',
    message: expect.stringContaining("source 'us': "),
  })
})

test('a source that cannot be opened ends the others, too', async () => {
  await using brokers = await twoHostileBrokers()
  const [silent, us] = brokers.sources
  const isAsked = new Set<string>()
  brokers.eu.onResponse = (api) => {
    isAsked.add(api)
    return null // it never answers
  }
  // Not before the other one is connected and waits.
  brokers.us.onResponse = async (api, frame) => {
    if (api === 'metadata') await until('eu is asked', () => isAsked.size > 0)
    return frame
  }
  const creating = ConsumerManager.create({
    sources: [silent, { ...us, topics: [SourceTopic.fromEarliest('trades')] }],
  })
  await expect(creating).rejects.toMatchObject({ code: 'ERR_UNKNOWN_TOPIC', source: 'us' })
  await until('its connections are closed', () => brokers.eu.connections === 0)
})

// Its partitions were looked up, and nothing is fetched yet: the fault was lost.
test('a topic that is created again while another source opens ends create', async () => {
  await using brokers = await twoHostileBrokers()
  const [silent, us] = brokers.sources
  brokers.eu.onResponse = () => null // it never answers
  let isOpen = false
  brokers.us.onResponse = (api, frame) => {
    if (api === 'listOffsets') isOpen = true
    return frame
  }
  const creating = ConsumerManager.create({ sources: [silent, us] })
  const refused = expect(creating).rejects.toMatchObject({
    code: 'ERR_TOPIC_RECREATED',
    source: 'us',
    topic: 't',
  })
  await until('its offsets are looked up', () => isOpen)
  brokers.us.createTopic('t')
  await refused
})

test('a budget that is too small for partitions of all sources is refused', async () => {
  const wide = [SourceTopic.fromEarliest('wide')]
  for (const cluster of [eu, us]) cluster.createTopic('wide', { partitions: 10 })
  const sources: SourceOptions[] = [
    { name: 'eu', config: configOf(eu), topics: wide },
    { name: 'us', config: configOf(us), topics: wide },
  ]
  await expect(
    ConsumerManager.create({ sources, maxBufferedBytes: 1024 * 1024 }),
  ).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining('too few for 20 partitions; give at least 1310720'),
  })
  await using manager = await ConsumerManager.create({ sources, maxBufferedBytes: 1_310_720 })
  expect(manager.partitionState().numRows).toBe(20)
})

test('a late record names its source', async () => {
  await writeLog(
    configOf(us),
    [20, 10].map((time) => ({ topic: 't', partition: 1, timestamp: TIME + time, value: 'v' })),
  )
  await using manager = await create({}, { onLateRecord: 'error' })
  const readAll = async () => {
    for (;;) await manager.poll()
  }
  await expect(readAll()).rejects.toMatchObject({
    code: 'ERR_LATE_RECORD',
    source: 'us',
    topic: 't',
    partition: 1,
    offset: 1n,
    message: expect.stringContaining("source 'us': topic 't', partition 1, offset 1: "),
  })
})

test('a stall names its source, in the error and in the event; the stream goes on', async () => {
  const records = (from: number) =>
    Array.from({ length: 2_000 }, (_, i) => ({
      ...{ topic: 't', partition: 0, timestamp: TIME + 2 * i + from },
      value: 'x'.repeat(4_000),
    }))
  for (const [i, cluster] of [eu, us].entries()) {
    await writeLog({ ...configOf(cluster), 'batch.num.messages': 10 }, records(i))
  }
  const events: ClientEvent[] = []
  const logs: LogEntry[] = []
  await using manager = await create(
    {},
    {
      maxBufferedBytes: 1024 * 1024,
      stallTimeoutMs: 400,
      onEvent: (event) => events.push(event),
      logger: (entry) => logs.push(entry),
    },
  )
  us.setBrokerDown(1, true)
  let rows = 0
  let stall: TidemarkError | undefined
  while (!stall) {
    await manager.poll(DEADLINE_MS).then(
      ({ numRows }) => {
        rows += numRows
      },
      (error) => {
        // On a busy machine the good one may stall for a moment, too.
        if (error.source !== 'eu') stall = error
      },
    )
  }
  expect(stall).toMatchObject({ code: 'ERR_STALLED', source: 'us', topic: 't', partition: 0 })
  expect(stall.message).toMatch(/^source 'us': topic 't', partition 0, offset \d+: /)
  expect(stall.message).toMatch(/wait for it, those of t-0 of source 'eu'; /)
  const brokerDown = () => events.filter(({ type }) => type === 'brokerDown')
  await until('the event', () => brokerDown().length > 0)
  expect(new Set(brokerDown().map(({ source }) => source))).toEqual(new Set(['us']))
  expect(events).toContainEqual(expect.objectContaining({ type: 'stalled', source: 'us' }))
  expect(events.filter(({ type }) => type === 'brokerUp').map(({ source }) => source)).toEqual(
    expect.arrayContaining(['eu', 'us']),
  )
  expect(logs.filter(({ facility }) => facility === 'FAIL')).toContainEqual(
    expect.objectContaining({ source: 'us' }),
  )

  us.setBrokerDown(1, false)
  while (!manager.isLive()) {
    try {
      rows += (await manager.poll(DEADLINE_MS)).numRows
    } catch (error) {
      if (!(error instanceof TidemarkError && error.code === 'ERR_STALLED')) throw error
    }
  }
  expect(rows).toBe(4_000)
})

test('close ends while one source has its brokers down', async () => {
  const manager = await create({}, { closeTimeoutMs: 2_000 })
  us.setBrokerDown(1, true)
  const polling = expect(manager.poll(DEADLINE_MS)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await manager.close()
  await polling
})

test('a partition that is added names its source, and is read', async () => {
  await using brokers = await twoHostileBrokers()
  const events: ClientEvent[] = []
  await using manager = await ConsumerManager.create({
    sources: brokers.sources,
    columns: ['source', 'partition'],
    onEvent: (event) => events.push(event),
  })
  brokers.topicOfUs.addPartition().append({ records: [{ value: 'new' }] })
  const rows: unknown[] = []
  await until('it is read', async () => {
    rows.push(...(await manager.poll(100)).toArray().map((row) => row.toJSON()))
    return rows.length > 0
  })
  expect(rows).toEqual([{ source: 'us', partition: 1 }])
  expect(events).toContainEqual({
    ...{ type: 'partitionAdded', source: 'us', topic: 't', partition: 1, offset: 0n },
  })
  const ids = manager.partitionState().toArray()
  expect(ids.map(({ partition, source }) => `${partition} ${source}`)).toEqual([
    '0 eu',
    '0 us',
    '1 us',
  ])
})

test('each source is given the tokens of its own callback', async () => {
  await using brokers = await twoHostileBrokers()
  const events: ClientEvent[] = []
  const asked: string[] = []
  const sources = brokers.sources.map((source) => ({
    ...source,
    config: {
      ...source.config,
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanisms': 'OAUTHBEARER',
    },
    oauthToken: () => {
      asked.push(source.name)
      return { token: `${source.name}.b.c`, lifetimeMs: Date.now() + 1_500, principal: 'reader' }
    },
  }))
  await using _manager = await ConsumerManager.create({
    sources,
    onEvent: (event) => events.push(event),
  })
  const count = (name: string) => asked.filter((each) => each === name).length
  await until('both are asked again', () => count('eu') >= 2 && count('us') >= 2)
  const refreshed = events.filter(({ type }) => type === 'tokenRefreshed')
  expect(new Set(refreshed.map(({ source }) => source))).toEqual(new Set(['eu', 'us']))
})

test('what the callback of one source throws is the cause of its error, and not quoted', async () => {
  await using brokers = await twoHostileBrokers()
  const cause = new RangeError('client_secret=sesame')
  const [good, bad] = brokers.sources.map((source) => ({
    ...source,
    config: {
      ...source.config,
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanisms': 'OAUTHBEARER',
    },
    oauthToken: () => {
      if (source.name === 'us') throw cause
      return { token: 'a.b.c', lifetimeMs: Date.now() + 60_000, principal: 'reader' }
    },
  }))
  const error = await ConsumerManager.create({
    // Its time is over first: the good one, too, may be slow on a busy machine.
    sources: [bad as SourceOptions, good as SourceOptions],
    createTimeoutMs: 3_000,
  }).catch((error: unknown) => error)
  expect(error).toMatchObject({ name: 'TidemarkError', source: 'us', cause })
  expect((error as Error).message).not.toContain('sesame')
})

/** Each with the topic 't' of one partition. */
async function twoHostileBrokers() {
  const [eu, us] = [await HostileBroker.start(), await HostileBroker.start()]
  eu.createTopic('t')
  return {
    eu,
    us,
    topicOfUs: us.createTopic('t'),
    sources: [
      { name: 'eu', config: eu.config, topics },
      { name: 'us', config: us.config, topics },
    ] as const,
    async [Symbol.asyncDispose]() {
      await eu.close()
      await us.close()
    },
  }
}
