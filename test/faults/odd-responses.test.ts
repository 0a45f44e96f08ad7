import {
  ErrorCode,
  encodeBatch,
  type HostileBroker,
  type HostileLog,
} from '../support/hostile-broker/index.js'
import { fill, setHostileScene, THREE } from './hostile-scene.js'
import { expectRight, offsetsOf, range, readReplay } from './read-replay.js'

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
  fill(log)
})

/** Changes the `count` fetch responses behind the second one. */
function changeResponses(count: number, change: (frame: Buffer) => Buffer | null) {
  let seen = 0
  broker.onResponse = (api, frame) => {
    if (api !== 'fetch') return frame
    seen++
    return seen > 2 && seen <= 2 + count ? change(frame) : frame
  }
}

const size = (value: number) => (frame: Buffer) => {
  frame.writeInt32BE(value)
  return frame
}

const odd: [string, (frame: Buffer) => Buffer | null][] = [
  ['a negative size', size(-1)],
  ['a size of zero', size(0)],
  ['a size past every limit', size(2 ** 31 - 1)],
  ['half of it missing', (frame) => resize(frame.subarray(0, frame.length / 2))],
  ['nothing but its header', (frame) => resize(frame.subarray(0, 9))],
  ['bytes behind its end', (frame) => resize(Buffer.concat([frame, Buffer.alloc(100)]))],
  [
    'garbage',
    (frame) => resize(Buffer.concat([frame.subarray(0, 8), Buffer.alloc(300, 'garbage')])),
  ],
  [
    'another correlation id',
    (frame) => {
      frame.writeInt32BE(12_345, 4)
      return frame
    },
  ],
]

function resize(frame: Buffer): Buffer {
  const copy = Buffer.from(frame)
  copy.writeInt32BE(copy.length - 4)
  return copy
}

describe('a fetch response that is odd', () => {
  test.each(odd)('once does not change the data: %s', async (_what, change) => {
    const right = await readReplay(broker)
    changeResponses(1, change)
    // Nothing answers a request whose response has another id: it is asked again after this.
    const outcome = await readReplay(broker, { config: { 'socket.timeout.ms': 2_000 } })
    expectRight(outcome, right)
    expect(outcome.rows).toHaveLength(15)
  })

  test.each(odd.filter(([what]) => what !== 'another correlation id'))(
    'always is an error: %s',
    async (_what, change) => {
      changeResponses(Number.POSITIVE_INFINITY, change)
      const outcome = await readReplay(broker)
      // What stands before the fault in a response is good.
      const good = outcome.rows.length
      expect(offsetsOf(outcome)).toEqual(range(good))
      expect(good).toBeGreaterThanOrEqual(6)
      expect(outcome.error).toMatchObject({ topic: 't', partition: 0, offset: BigInt(good) })
      expect(outcome.error?.code).toMatch(/ERR_CORRUPT_RECORD_BATCH|ERR_RECORD_TOO_LARGE/)
    },
  )
})

test('records of a partition that was not asked for are left alone', async () => {
  const topic = broker.createTopic('t', 2)
  for (const partition of topic.partitions) partition.append(THREE).append(THREE).maxBytes = 1
  const right = await readReplay(broker)
  let lies = 3
  // Partition 1 is kept out of some requests: librdkafka lets a moment pass after this error.
  topic.partition(1).onFetch = (_offset, answer) => {
    if (lies > 0) Object.assign(answer, { errorCode: -1, records: Buffer.alloc(0) })
  }
  broker.onResponse = (api, frame) => {
    // Behind the topic's id stand the count of its partitions (plus one) and the first one's number.
    const at = api === 'fetch' ? frame.indexOf(topic.id) + 16 : 0
    if (lies > 0 && frame[at] === 2 && frame.readInt32BE(at + 1) === 0) {
      frame.writeInt32BE(1, at + 1)
      lies--
    }
    return frame
  }
  const outcome = await readReplay(broker)
  expect(lies).toBe(0)
  expectRight(outcome, right)
})

describe('an error code of a fetch', () => {
  const answer = (errorCode: number, times = Number.POSITIVE_INFINITY) => {
    log.onFetch = (offset, found) => {
      if (offset >= 6 && times-- > 0) Object.assign(found, { errorCode, records: Buffer.alloc(0) })
    }
  }

  test.each([
    ['not leader', ErrorCode.notLeaderOrFollower],
    ['storage error', ErrorCode.kafkaStorageError],
    ['unknown leader epoch', ErrorCode.unknownLeaderEpoch],
    ['unknown topic or partition, for a moment', ErrorCode.unknownTopicOrPartition],
    ['unknown, as Java has it', -1],
  ])('that comes three times does not change the data: %s', async (_what, errorCode) => {
    const right = await readReplay(broker)
    answer(errorCode, 3)
    const outcome = await readReplay(broker)
    expectRight(outcome, right)
  })

  test.each([
    ['corrupt message', ErrorCode.corruptMessage, 'ERR_CORRUPT_RECORD_BATCH'],
    ['not authorised', ErrorCode.topicAuthorizationFailed, 'ERR_AUTHORIZATION'],
    ['out of range', ErrorCode.offsetOutOfRange, 'ERR_OFFSET_OUT_OF_RANGE'],
    ['one that no Kafka has', 12_345, 'ERR_KAFKA'],
  ])('that stays is an error: %s', async (_what, errorCode, code) => {
    answer(errorCode)
    const outcome = await readReplay(broker)
    expect(offsetsOf(outcome)).toEqual(range(6))
    expect(outcome.error).toMatchObject({ code, topic: 't', partition: 0, offset: 6n })
  })
})

test('the same batches again and again are a step back', async () => {
  const first = encodeBatch(THREE)
  log.onFetch = (offset, answer) => {
    if (offset >= 3) answer.records = first
  }
  const outcome = await readReplay(broker)
  expect(offsetsOf(outcome)).toEqual(range(3))
  expect(outcome.error).toMatchObject({ code: 'ERR_OFFSET_STEP_BACK', topic: 't', partition: 0 })
})
