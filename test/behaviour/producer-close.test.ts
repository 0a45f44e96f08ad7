import { TidemarkError } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { NOBODY, type ProducerScene, setProducerScene, upTo, valuesOf } from './producer-scene.js'

let scene: ProducerScene
setProducerScene((begun) => {
  scene = begun
})

test('closing a producer sends what is queued', async () => {
  const producer = await Producer.create({ config: { ...scene.config, 'linger.ms': 60_000 } })
  await producer.send({ topic: 't', partition: 0, value: '0' })
  await producer.close()
  expect(await valuesOf(scene)).toEqual(['0'])
})

test('closing a producer ends and says what was not delivered', async () => {
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

test('closing a producer ends also with records that wait for room', async () => {
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

test('closing a producer may come twice, and nothing may come after it', async () => {
  const producer = await Producer.create({ config: scene.config })
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

test('closing a producer settles a flush that is pending', async () => {
  const producer = await Producer.create({
    config: { 'bootstrap.servers': NOBODY },
    closeTimeoutMs: 200,
  })
  await producer.send({ topic: 't', partition: 0 })
  const flushed = expect(producer.flush()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await expect(producer.close()).rejects.toThrow(TidemarkError)
  await flushed
})
