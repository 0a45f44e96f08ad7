import { setTimeout } from 'node:timers/promises'
import { SourceTopic, TidemarkError } from '../../src/index.js'
import {
  MockCluster,
  Producer,
  type ProducerOptions,
  type ProducerRecord,
} from '../../src/testing/index.js'
import { readRows } from '../support/read-rows.js'

const TIME = 1_700_000_000_000
/** Nothing listens there. */
const NOBODY = '127.0.0.1:1'

let cluster: MockCluster
let config: Record<string, string>
beforeEach(() => {
  cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 4 })
  config = { 'bootstrap.servers': cluster.bootstrapServers }
})
afterEach(() => cluster.close())

const values = async (topic = 't') => (await readRows(config, topic)).map(({ value }) => value)
const upTo = (count: number) => Array.from({ length: count }, (_, i) => String(i))

describe('what is read is what was sent', () => {
  test('keys, values and timestamps', async () => {
    const producer = await Producer.create({ config })
    const records: ProducerRecord[] = [
      { topic: 't', partition: 1, timestamp: TIME, key: 'ключ', value: 'value' },
      { topic: 't', partition: 1, timestamp: BigInt(TIME + 1), key: '', value: '' },
      { topic: 't', partition: 1, timestamp: new Date(TIME + 2), key: null, value: null },
      {
        topic: 't',
        partition: 1,
        timestamp: null,
        value: new Uint8Array([120]),
        headers: { a: '1' },
      },
      { topic: 't', partition: 1, timestamp: -5 },
      { topic: 't', partition: 1, timestamp: (1n << 62n) - 1n },
    ]
    for (const record of records) await producer.send(record)
    await producer.close()
    expect(await readRows(config, 't')).toEqual([
      { partition: 1, offset: 0n, timestamp: BigInt(TIME), key: 'ключ', value: 'value' },
      { partition: 1, offset: 1n, timestamp: BigInt(TIME + 1), key: '', value: '' },
      { partition: 1, offset: 2n, timestamp: BigInt(TIME + 2), key: null, value: null },
      { partition: 1, offset: 3n, timestamp: null, key: null, value: 'x' },
      { partition: 1, offset: 4n, timestamp: -5n, key: null, value: null },
      { partition: 1, offset: 5n, timestamp: (1n << 62n) - 1n, key: null, value: null },
    ])
  })

  test('without a timestamp it is the time of sending, without a partition the key decides', async () => {
    const producer = await Producer.create({ config })
    const before = Date.now()
    for (let i = 0; i < 40; i++) await producer.send({ topic: 't', key: `key ${i % 4}` })
    await producer.close()
    const rows = await readRows(config, 't')
    expect(rows.length).toBe(40)
    for (const { timestamp } of rows) {
      expect(Number(timestamp)).toBeGreaterThanOrEqual(before)
      expect(Number(timestamp)).toBeLessThanOrEqual(Date.now())
    }
    const partitions = (key: string) =>
      new Set(rows.filter((row) => row.key === key).map(({ partition }) => partition)).size
    expect(['key 0', 'key 1', 'key 2', 'key 3'].map(partitions)).toEqual([1, 1, 1, 1])
  })

  test.each(['gzip', 'snappy', 'lz4', 'zstd'])('with the codec %s', async (codec) => {
    const producer = await Producer.create({ config: { ...config, 'compression.codec': codec } })
    const value = 'compresses well '.repeat(100)
    await producer.sendAll(upTo(100).map((key) => ({ topic: 't', partition: 0, key, value })))
    await producer.close()
    const rows = await readRows(config, 't')
    expect(rows.map(({ key }) => key)).toEqual(upTo(100))
    expect(rows.every((row) => row.value === value)).toBe(true)
  })

  test('of 5 MB', async () => {
    const producer = await Producer.create({ config: { ...config, 'message.max.bytes': 6e6 } })
    const value = 'x'.repeat(5e6)
    await producer.send({ topic: 't', partition: 0, value })
    await producer.close()
    expect((await readRows(config, 't'))[0]?.value === value).toBe(true)
  })
})

describe('keeps the order', () => {
  test('of sends that are not awaited, with a queue for ten', async () => {
    const producer = await Producer.create({
      config: { ...config, 'queue.buffering.max.messages': 10 },
    })
    const sends = upTo(1_000).map((value) => producer.send({ topic: 't', partition: 0, value }))
    await Promise.all(sends)
    await producer.close()
    expect(await values()).toEqual(upTo(1_000))
  })

  test('of sendAll, and of a send meanwhile', async () => {
    const producer = await Producer.create({ config })
    const records = (from: number, to: number) =>
      upTo(to)
        .slice(from)
        .map((value) => ({ topic: 't', partition: 0, value }))
    const all = producer.sendAll(records(0, 10_000))
    const one = producer.send({ topic: 't', partition: 1, value: 'one' })
    await Promise.all([all, one])
    await producer.close()
    const rows = await readRows(config, 't')
    const of = (partition: number) =>
      rows.filter((row) => row.partition === partition).map(({ value }) => value)
    expect(of(0)).toEqual(upTo(10_000))
    expect(of(1)).toEqual(['one'])
  })

  test('of an async iterable', async () => {
    const producer = await Producer.create({ config })
    async function* records() {
      for (const value of upTo(100)) {
        if (Number(value) % 10 === 0) await setTimeout(1)
        yield { topic: 't', partition: 0, value }
      }
    }
    await producer.sendAll(records())
    await producer.close()
    expect(await values()).toEqual(upTo(100))
  })
})

describe('an error', () => {
  test('for a record that is refused leaves those around it alone', async () => {
    const producer = await Producer.create({ config })
    const good = (value: string) => ({ topic: 't', partition: 0, value })
    const results = await Promise.allSettled([
      producer.send(good('0')),
      producer.send({ topic: 't', partition: 0, timestamp: 0 }),
      producer.send({ topic: 't', partition: 0, value: 'x'.repeat(2e6) }),
      producer.send({ topic: 'a b' }),
      producer.send(good('1')),
    ])
    expect(results.map((result) => (result as PromiseRejectedResult).reason?.code)).toEqual([
      undefined,
      'ERR_INVALID_ARGUMENT',
      'ERR_RECORD_TOO_LARGE',
      'ERR_INVALID_ARGUMENT',
      undefined,
    ])
    await expect(
      producer.sendAll([good('2'), good('3'), null as unknown as ProducerRecord, good('4')]),
    ).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
    await producer.close()
    expect(await values()).toEqual(upTo(4))
  })

  test('names topic and partition', async () => {
    await using producer = await Producer.create({ config })
    await producer.send({ topic: 't', partition: 0 })
    await producer.flush()
    await expect(producer.send({ topic: 't', partition: 4 })).rejects.toMatchObject({
      name: 'TidemarkError',
      topic: 't',
      partition: 4,
      message: expect.stringContaining('the topic has fewer partitions'),
    })
  })

  test('of a delivery comes with the next flush, once', async () => {
    await using producer = await Producer.create({
      config: { ...config, 'message.timeout.ms': 300 },
    })
    await producer.send({ topic: 't', partition: 2 })
    await producer.flush()
    cluster.setBrokerDown(1, true)
    for (let i = 0; i < 3; i++) await producer.send({ topic: 't', partition: 2 })
    await expect(producer.flush()).rejects.toMatchObject({
      code: 'ERR_KAFKA',
      topic: 't',
      partition: 2,
      message: expect.stringMatching(/^a record for t was not delivered: .* \(the first of 3 fail/),
    })
    await producer.flush()
  })

  test.each<[string, unknown, string]>([
    [
      'no object',
      null,
      'Producer.create takes an object, { config, timeoutMs, closeTimeoutMs, allowUnsafeConfig }, not null',
    ],
    ['no config', {}, 'config must be an object of librdkafka properties'],
    ['no servers', { config: {} }, "'bootstrap.servers' is missing"],
    ['an unknown option', { timeout: 1 }, "no option 'timeout'; did you mean 'timeoutMs'?"],
    ['a wrong timeout', { config: { 'bootstrap.servers': NOBODY }, timeoutMs: 0 }, 'not 0'],
    [
      'an unknown property',
      { config: { 'linger.msec': 1 } },
      "librdkafka has no property 'linger.msec'; did you mean 'linger.ms'?",
    ],
    [
      "a consumer's property",
      { config: { 'auto.offset.reset': 'earliest' } },
      "'auto.offset.reset' is a property of consumers",
    ],
    [
      'a value that librdkafka does not accept',
      { config: { 'bootstrap.servers': NOBODY, 'linger.ms': 'soon' } },
      "librdkafka does not accept the value of 'linger.ms'",
    ],
    [
      'values that do not fit together',
      { config: { 'bootstrap.servers': NOBODY, 'enable.idempotence': true, acks: 1 } },
      'config: librdkafka refuses it',
    ],
  ])('of create: %s', async (_what, options, message) => {
    await expect(Producer.create(options as ProducerOptions)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining(message),
    })
  })
})

describe('transactions', () => {
  const send = (producer: Producer, value: string) =>
    producer.send({ topic: 't', partition: 0, value })

  test('are committed and aborted', async () => {
    const producer = await Producer.create({ config: { ...config, 'transactional.id': 'x' } })
    for (const [value, end] of [
      ['a', 'abortTransaction'],
      ['b', 'commitTransaction'],
      ['c', 'abortTransaction'],
      ['d', 'commitTransaction'],
    ] as const) {
      await producer.beginTransaction()
      await send(producer, value)
      await producer.flush()
      await producer[end]()
    }
    await producer.beginTransaction()
    await send(producer, 'open')
    await producer.close()

    const isolated = async (isolationLevel: 'read_committed' | 'read_uncommitted') =>
      (await readRows(config, 't', { isolationLevel })).map(({ value }) => value)
    expect(await isolated('read_committed')).toEqual(['b', 'd'])
    expect(await isolated('read_uncommitted')).toEqual(['a', 'b', 'c', 'd', 'open'])
  })

  test('need a begin', async () => {
    await using producer = await Producer.create({ config: { ...config, 'transactional.id': 'x' } })
    await expect(send(producer, 'a')).rejects.toThrow(TidemarkError)
    await expect(producer.commitTransaction()).rejects.toMatchObject({ code: 'ERR_KAFKA' })
  })

  test('need a transactional.id', async () => {
    await using producer = await Producer.create({ config })
    await expect(producer.beginTransaction()).rejects.toThrow(TidemarkError)
  })

  test('that no broker answers end in time, and the event loop turns meanwhile', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await expect(
      Producer.create({
        config: { 'bootstrap.servers': NOBODY, 'transactional.id': 'x' },
        timeoutMs: 500,
      }),
    ).rejects.toMatchObject({ code: 'ERR_KAFKA', retriable: true })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })
})

describe('close', () => {
  test('sends what is queued', async () => {
    const producer = await Producer.create({ config: { ...config, 'linger.ms': 60_000 } })
    await producer.send({ topic: 't', partition: 0, value: '0' })
    await producer.close()
    expect(await values()).toEqual(['0'])
  })

  test('ends in time and says what was not delivered', async () => {
    const producer = await Producer.create({
      config: { 'bootstrap.servers': NOBODY },
      closeTimeoutMs: 300,
    })
    await producer.send({ topic: 't', partition: 0 })
    await expect(producer.close()).rejects.toMatchObject({
      code: 'ERR_KAFKA',
      message: expect.stringContaining('1 records are not acknowledged'),
    })
  })

  test('ends in time also with records that wait for room', async () => {
    const producer = await Producer.create({
      config: { 'bootstrap.servers': NOBODY, 'queue.buffering.max.messages': 2 },
      closeTimeoutMs: 300,
    })
    const sends = upTo(5).map((value) => producer.send({ topic: 't', partition: 0, value }))
    const settled = Promise.allSettled(sends)
    await expect(producer.close()).rejects.toMatchObject({
      message: expect.stringContaining('2 records are not acknowledged'),
    })
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ])
  })

  test('may come twice, and nothing may come after it', async () => {
    const producer = await Producer.create({ config })
    const closing = producer.close()
    expect(producer.close()).toBe(closing)
    await closing
    for (const act of [
      () => producer.send({ topic: 't' }),
      () => producer.sendAll([]),
      () => producer.flush(),
      () => producer.beginTransaction(),
      () => producer.commitTransaction(),
      () => producer.abortTransaction(),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    }
  })

  test('settles a flush that is pending', async () => {
    const producer = await Producer.create({
      config: { 'bootstrap.servers': NOBODY },
      closeTimeoutMs: 200,
    })
    await producer.send({ topic: 't', partition: 0 })
    const flushed = expect(producer.flush()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(producer.close()).rejects.toThrow(TidemarkError)
    await flushed
  })
})

test('what was sent is found by time', async () => {
  const producer = await Producer.create({ config })
  await producer.sendAll(upTo(10).map((value, i) => ({ topic: 't', timestamp: TIME + i, value })))
  await producer.close()
  const rows = await readRows(config, SourceTopic.fromAbsoluteTime('t', TIME + 5))
  expect(rows.length).toBe(5)
})
