import { setTimeout as sleep } from 'node:timers/promises'
import { FaultyProxy } from '../support/faulty-proxy.js'
import type { HostileBroker, HostileLog, HostileTopic } from '../support/hostile-broker/index.js'
import { fill, setHostileScene } from './hostile-scene.js'
import { expectRight, type Outcome, readReplay } from './read-replay.js'

let broker: HostileBroker
let topic: HostileTopic
let log: HostileLog
let right: Outcome
setHostileScene((scene) => {
  ;({ broker, topic, log } = scene)
  fill(log)
})
beforeEach(async () => {
  right = await readReplay(broker)
  expect(right.rows).toHaveLength(15)
})

/** A response that ends before what it says that there is. */
function cutShort(frame: Buffer): Buffer {
  const short = Buffer.from(frame.subarray(0, -9))
  short.writeInt32BE(short.length - 4)
  return short
}

test('create succeeds when a leader changes between the look-up of the topic and of its offsets', async () => {
  let looksUp = 0
  let listed = 0
  broker.onResponse = (api, frame) => {
    if (api === 'metadata' && frame.includes(topic.id) && ++looksUp === 1) log.leaderEpoch++
    if (api === 'listOffsets') listed++
    return frame
  }
  expectRight(await readReplay(broker), right)
  // The first request was refused, for its leader epoch.
  expect(listed).toBeGreaterThan(2)
  expect(looksUp).toBeGreaterThan(1)
})

test('create succeeds when a leader changes between the look-ups of start and end offsets', async () => {
  let listed = 0
  broker.onResponse = (api, frame) => {
    if (api === 'listOffsets' && ++listed === 1) log.leaderEpoch++
    return frame
  }
  expectRight(await readReplay(broker), right)
  expect(listed).toBeGreaterThan(2)
})

test('create asks again for an answer with the topic that never comes', async () => {
  let looksUp = 0
  broker.onResponse = (api, frame) =>
    api === 'metadata' && frame.includes(topic.id) && ++looksUp === 1 ? null : frame
  expectRight(await readReplay(broker), right)
  expect(looksUp).toBeGreaterThan(1)
})

// Each request begins the work anew: given up after ten seconds, it was never answered.
test('a look-up that takes long is waited for, where both time-outs allow', async () => {
  let listed = 0
  broker.onResponse = async (api, frame) => {
    if (api === 'listOffsets' && ++listed === 1) await sleep(11_500)
    return frame
  }
  const config = { ...broker.config, 'socket.timeout.ms': 20_000 }
  const { sha256 } = await readReplay(broker, { config, createTimeoutMs: 60_000 })
  expect(sha256).toBe(right.sha256)
  expect(listed).toBe(2) // of the starts, and of the ends
})

test('create asks again for an answer with the offsets that never comes', async () => {
  let listed = 0
  broker.onResponse = (api, frame) => (api === 'listOffsets' && ++listed === 1 ? null : frame)
  expectRight(await readReplay(broker), right)
  expect(listed).toBeGreaterThan(2)
})

test('create waits for a partition that has no leader for a moment', async () => {
  let looksUp = 0
  log.leader = -1
  broker.onResponse = (api, frame) => {
    if (api === 'metadata' && frame.includes(topic.id) && ++looksUp === 3) log.leader = broker.id
    return frame
  }
  expectRight(await readReplay(broker), right)
  expect(looksUp).toBeGreaterThan(3)
})

test('create names a partition that has no leader for longer than createTimeoutMs', async () => {
  log.leader = -1
  await expect(readReplay(broker, { createTimeoutMs: 1_000 })).rejects.toMatchObject({
    code: 'ERR_CREATE_TIMEOUT',
    topic: 't',
    partition: 0,
    retriable: true,
    message: expect.stringMatching(/topic 't', partition 0: .*[Ll]eader not available/),
  })
})

test('create asks again where an answer with the topic is cut short', async () => {
  let looksUp = 0
  broker.onResponse = (api, frame) =>
    api === 'metadata' && frame.includes(topic.id) && ++looksUp === 1 ? cutShort(frame) : frame
  expectRight(await readReplay(broker), right)
  expect(looksUp).toBeGreaterThan(1)
})

test('create names the topic where every answer with it is cut short', async () => {
  broker.onResponse = (api, frame) =>
    api === 'metadata' && frame.includes(topic.id) ? cutShort(frame) : frame
  await expect(readReplay(broker, { createTimeoutMs: 1_000 })).rejects.toMatchObject({
    code: 'ERR_CREATE_TIMEOUT',
    topic: 't',
    retriable: true,
    message: expect.stringMatching(/topic 't': .*[Rr]ead underflow/),
  })
})

test('create asks again where an end offset is -1', async () => {
  let listed = 0
  log.lastStableOffset = -1
  broker.onResponse = (api, frame) => {
    if (api === 'listOffsets' && ++listed === 2) log.lastStableOffset = null
    return frame
  }
  expectRight(await readReplay(broker), right)
  expect(listed).toBeGreaterThan(2)
})

test.each([1, 2])(
  'create succeeds when a connection is cut instead of answer %d with offsets',
  async (cut) => {
    await using proxy = await FaultyProxy.start({ host: broker.host, port: broker.port })
    broker.advertised = { host: proxy.host, port: proxy.port }
    let listed = 0
    broker.onResponse = (api, frame) => {
      if (api !== 'listOffsets' || ++listed !== cut) return frame
      proxy.cut()
      return null
    }
    expectRight(await readReplay(proxy), right)
    expect(listed).toBeGreaterThan(2)
  },
)
