import { setTimeout } from 'node:timers/promises'
import { SourceTopic } from '../../src/index.js'
import { Producer, type ProducerRecord } from '../../src/testing/index.js'
import { readRows } from '../support/read-rows.js'
import { type ProducerScene, setProducerScene, upTo, valuesOf } from './producer-scene.js'

const TIME = 1_700_000_000_000

let scene: ProducerScene
setProducerScene((begun) => {
  scene = begun
})

test('keys, values and timestamps are read as they were sent', async () => {
  const producer = await Producer.create({ config: scene.config })
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
  expect(await readRows(scene.config, 't')).toEqual([
    { partition: 1, offset: 0n, timestamp: BigInt(TIME), key: 'ключ', value: 'value' },
    { partition: 1, offset: 1n, timestamp: BigInt(TIME + 1), key: '', value: '' },
    { partition: 1, offset: 2n, timestamp: BigInt(TIME + 2), key: null, value: null },
    { partition: 1, offset: 3n, timestamp: null, key: null, value: 'x' },
    { partition: 1, offset: 4n, timestamp: -5n, key: null, value: null },
    { partition: 1, offset: 5n, timestamp: (1n << 62n) - 1n, key: null, value: null },
  ])
})

test('a record gets the time of sending without a timestamp, and its key decides without a partition', async () => {
  const producer = await Producer.create({ config: scene.config })
  const before = Date.now()
  for (let i = 0; i < 40; i++) await producer.send({ topic: 't', key: `key ${i % 4}` })
  await producer.close()
  const rows = await readRows(scene.config, 't')
  expect(rows.length).toBe(40)
  for (const { timestamp } of rows) {
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before)
    expect(Number(timestamp)).toBeLessThanOrEqual(Date.now())
  }
  const partitions = (key: string) =>
    new Set(rows.filter((row) => row.key === key).map(({ partition }) => partition)).size
  expect(['key 0', 'key 1', 'key 2', 'key 3'].map(partitions)).toEqual([1, 1, 1, 1])
})

test.each(['gzip', 'snappy', 'lz4', 'zstd'])(
  'what is read is what was sent with the codec %s',
  async (codec) => {
    const producer = await Producer.create({
      config: { ...scene.config, 'compression.codec': codec },
    })
    const value = 'compresses well '.repeat(100)
    await producer.sendAll(upTo(100).map((key) => ({ topic: 't', partition: 0, key, value })))
    await producer.close()
    const rows = await readRows(scene.config, 't')
    expect(rows.map(({ key }) => key)).toEqual(upTo(100))
    expect(rows.every((row) => row.value === value)).toBe(true)
  },
)

test('a value of 5 MB is read as it was sent', async () => {
  const producer = await Producer.create({ config: { ...scene.config, 'message.max.bytes': 6e6 } })
  const value = 'x'.repeat(5e6)
  await producer.send({ topic: 't', partition: 0, value })
  await producer.close()
  expect((await readRows(scene.config, 't'))[0]?.value === value).toBe(true)
})

test('sends that are not awaited keep their order, with a queue for ten', async () => {
  const producer = await Producer.create({
    config: { ...scene.config, 'queue.buffering.max.messages': 10 },
  })
  const sends = upTo(1_000).map((value) => producer.send({ topic: 't', partition: 0, value }))
  await Promise.all(sends)
  await producer.close()
  expect(await valuesOf(scene)).toEqual(upTo(1_000))
})

test('sendAll and a send meanwhile keep their order', async () => {
  const producer = await Producer.create({ config: scene.config })
  const records = (from: number, to: number) =>
    upTo(to)
      .slice(from)
      .map((value) => ({ topic: 't', partition: 0, value }))
  const all = producer.sendAll(records(0, 10_000))
  const one = producer.send({ topic: 't', partition: 1, value: 'one' })
  await Promise.all([all, one])
  await producer.close()
  const rows = await readRows(scene.config, 't')
  const of = (partition: number) =>
    rows.filter((row) => row.partition === partition).map(({ value }) => value)
  expect(of(0)).toEqual(upTo(10_000))
  expect(of(1)).toEqual(['one'])
})

test('an async iterable keeps its order', async () => {
  const producer = await Producer.create({ config: scene.config })
  async function* records() {
    for (const value of upTo(100)) {
      if (Number(value) % 10 === 0) await setTimeout(1)
      yield { topic: 't', partition: 0, value }
    }
  }
  await producer.sendAll(records())
  await producer.close()
  expect(await valuesOf(scene)).toEqual(upTo(100))
})

test('what was sent is found by time', async () => {
  const producer = await Producer.create({ config: scene.config })
  await producer.sendAll(upTo(10).map((value, i) => ({ topic: 't', timestamp: TIME + i, value })))
  await producer.close()
  const rows = await readRows(scene.config, SourceTopic.fromAbsoluteTime('t', TIME + 5))
  expect(rows.length).toBe(5)
})
