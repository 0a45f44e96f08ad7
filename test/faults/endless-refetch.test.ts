import { type ClientEvent, ConsumerManager, SourceTopic } from '../../src/index.js'
import { FaultyProxy } from '../support/faulty-proxy.js'
import { ErrorCode, type HostileBroker, type HostileLog } from '../support/hostile-broker/index.js'
import { take } from '../support/read-rows.js'
import { until } from '../support/until.js'
import { setHostileScene, THREE } from './hostile-scene.js'

let broker: HostileBroker
let log: HostileLog
/** The broker says what there is, and sends nothing of it. */
let isWithholding: boolean
/** Answers to fetches are errors that heal by themselves. */
let isFailing: boolean
let events: ClientEvent[]
setHostileScene((scene) => {
  ;({ broker, log } = scene)
  log.append(THREE)
  log.maxBytes = 1 // a batch a response
  isWithholding = false
  isFailing = false
  events = []
  log.onFetch = (offset, answer) => {
    if (isFailing) answer.errorCode = ErrorCode.unknownServerError
    if (isWithholding && offset >= 3) answer.records = Buffer.alloc(0)
  }
})

const open = () =>
  ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
    stallTimeoutMs: 500,
    onEvent: (event) => events.push(event),
  })

/** Two stalls, one after the other, and then the records that were withheld. */
async function stallsThenGoesOn(manager: ConsumerManager): Promise<void> {
  const before = log.fetchedOffsets.length
  for (let i = 0; i < 2; i++) {
    const error = await manager.poll(30_000).then(
      () => null,
      (reason) => reason,
    )
    expect(error).toMatchObject({
      code: 'ERR_STALLED',
      topic: 't',
      partition: 0,
      offset: 3n,
      retriable: true,
      message: expect.stringMatching(
        /topic 't', partition 0, offset 3: .*end offset is 6; its broker .* is connected/,
      ),
    })
  }
  expect(log.fetchedOffsets.length - before).toBeGreaterThan(2)
  isWithholding = false
  const rows = await take(manager, 3)
  expect(rows.map(({ offset }) => offset)).toEqual([3n, 4n, 5n])
}

test('in the replay, empty responses again and again are a stall', async () => {
  log.append(THREE)
  isWithholding = true
  await using manager = await open()
  // What can be released comes first.
  expect((await take(manager, 3)).map(({ offset }) => offset)).toEqual([0n, 1n, 2n])
  await stallsThenGoesOn(manager)
})

test('in live, empty responses from a broker that says that there is more are a stall', async () => {
  await using manager = await open()
  await take(manager, 3)
  expect(manager.isLive()).toBe(true)
  isWithholding = true
  log.append(THREE)
  await stallsThenGoesOn(manager)
})

test.each([
  ['that librdkafka tells of', ErrorCode.unknownServerError],
  ['that it keeps to itself', ErrorCode.kafkaStorageError],
])('in live, fetches that keep failing are a stall, with an error %s', async (_, errorCode) => {
  await using manager = await open()
  await take(manager, 3)
  log.onFetch = (_offset, answer) =>
    Object.assign(answer, { ...answer, errorCode, highWatermark: -1, lastStableOffset: -1 })
  log.append(THREE)
  for (let i = 0; i < 2; i++) {
    await expect(manager.poll(30_000)).rejects.toMatchObject({
      code: 'ERR_STALLED',
      topic: 't',
      partition: 0,
      offset: 3n,
      kafkaCode: errorCode,
      retriable: true,
      message: expect.stringMatching(/end offset is not known; its broker .*last error was: /),
    })
  }
  log.onFetch = null
  const rows = await take(manager, 3)
  expect(rows.map(({ offset }) => offset)).toEqual([3n, 4n, 5n])
})

test('a stall does not name an error of its broker that is over', async () => {
  await using proxy = await FaultyProxy.start({ host: broker.host, port: broker.port })
  broker.advertised = { host: proxy.host, port: proxy.port }
  await using manager = await open()
  await take(manager, 3)
  await proxy.refuse()
  await until('an error of the broker', () =>
    events.some((event) => event.type === 'error' && event.broker?.endsWith(`:${proxy.port}`)),
  )
  events = []
  isWithholding = true
  log.append(THREE)
  await proxy.accept()
  await until('a connection', () => events.some(({ type }) => type === 'brokerUp'))
  const stall = await manager.poll(30_000).catch((error) => error)
  expect(stall).toMatchObject({ code: 'ERR_STALLED', offset: 3n })
  expect(stall.message).toContain('is connected and reported no error')
})

test('in live, a stall does not name an error of its partition that is over', async () => {
  await using manager = await open()
  await take(manager, 3)
  isFailing = true
  await until('an error of the partition', () =>
    events.some(({ type }) => type === 'partitionError'),
  )
  isFailing = false
  expect((await manager.poll(500)).numRows).toBe(0)
  isWithholding = true
  log.append(THREE)
  const stall = await manager.poll(30_000).catch((error) => error)
  expect(stall).toMatchObject({ code: 'ERR_STALLED', offset: 3n })
  expect(stall.kafkaCode).toBeUndefined()
  expect(stall.message).not.toContain('last error was')
})
