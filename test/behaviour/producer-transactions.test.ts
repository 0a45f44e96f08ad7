import { TidemarkError } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { readRows } from '../support/read-rows.js'
import { NOBODY, type ProducerScene, setProducerScene } from './producer-scene.js'

let scene: ProducerScene
setProducerScene((begun) => {
  scene = begun
})

const send = (producer: Producer, value: string) =>
  producer.send({ topic: 't', partition: 0, value })

test('transactions are committed and aborted', async () => {
  const producer = await Producer.create({ config: { ...scene.config, 'transactional.id': 'x' } })
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
    (await readRows(scene.config, 't', { isolationLevel })).map(({ value }) => value)
  expect(await isolated('read_committed')).toEqual(['b', 'd'])
  expect(await isolated('read_uncommitted')).toEqual(['a', 'b', 'c', 'd', 'open'])
})

test('transactions need a begin', async () => {
  await using producer = await Producer.create({
    config: { ...scene.config, 'transactional.id': 'x' },
  })
  await expect(send(producer, 'a')).rejects.toThrow(TidemarkError)
  await expect(producer.commitTransaction()).rejects.toMatchObject({ code: 'ERR_KAFKA' })
})

test('transactions need a transactional.id', async () => {
  await using producer = await Producer.create({ config: scene.config })
  await expect(producer.beginTransaction()).rejects.toThrow(TidemarkError)
})

test('a transactional producer that no broker answers is refused, and the event loop turns meanwhile', async () => {
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
