import { Producer, type ProducerOptions, type ProducerRecord } from '../../src/testing/index.js'
import { NOBODY, type ProducerScene, setProducerScene, upTo, valuesOf } from './producer-scene.js'

let scene: ProducerScene
setProducerScene((begun) => {
  scene = begun
})

test('a record that is refused leaves those around it alone', async () => {
  const producer = await Producer.create({ config: scene.config })
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
  expect(await valuesOf(scene)).toEqual(upTo(4))
})

test('a record for a partition that does not exist is refused with topic and partition', async () => {
  await using producer = await Producer.create({ config: scene.config })
  await producer.send({ topic: 't', partition: 0 })
  await producer.flush()
  await expect(producer.send({ topic: 't', partition: 4 })).rejects.toMatchObject({
    name: 'TidemarkError',
    topic: 't',
    partition: 4,
    message: expect.stringContaining('the topic has fewer partitions'),
  })
})

test('the error of a delivery comes with the next flush, once', async () => {
  await using producer = await Producer.create({
    config: { ...scene.config, 'message.timeout.ms': 300 },
  })
  await producer.send({ topic: 't', partition: 2 })
  await producer.flush()
  scene.cluster.setBrokerDown(1, true)
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
])('Producer.create refuses %s', async (_what, options, message) => {
  await expect(Producer.create(options as ProducerOptions)).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining(message),
  })
})
