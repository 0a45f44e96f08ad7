import { SourceTopic } from '../../src/index.js'
import {
  encodeBatch,
  type HostileBroker,
  type HostileLog,
  type HostileTopic,
} from '../support/hostile-broker/index.js'
import { setHostileScene, THREE } from './hostile-scene.js'
import { expectFault, offsetsOf, range, readReplay, readUntilFault } from './read-replay.js'

let broker: HostileBroker
let topic: HostileTopic
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, topic, log } = scene)
})

describe('a gap between batches', () => {
  beforeEach(() => {
    log.append(THREE).skip(5).append(THREE)
  })

  test('is an error on a topic that is not compacted', async () => {
    expectFault(await readReplay(broker), {
      goodOffsets: range(3),
      code: 'ERR_OFFSET_GAP',
      offset: 3,
      says: /offsets up to 7 are missing.*start again from what is there/,
    })
  })

  test.each(['compact', 'compact,delete'])(
    'is counted where cleanup.policy is %s',
    async (policy) => {
      topic.cleanupPolicy = policy
      const outcome = await readReplay(broker)
      expect(outcome.error).toBeNull()
      expect(offsetsOf(outcome)).toEqual([0, 1, 2, 8, 9, 10])
      expect(outcome.gaps).toBe(5)
    },
  )
})

test('holes inside a batch of a compacted topic are no gap', async () => {
  topic.cleanupPolicy = 'compact'
  log
    .append({ records: [{ offsetDelta: 2 }, { offsetDelta: 5 }], lastOffsetDelta: 9 })
    .append(THREE)
  const outcome = await readReplay(broker)
  expect(outcome.error).toBeNull()
  expect(offsetsOf(outcome)).toEqual([2, 5, 10, 11, 12])
  expect(outcome.gaps).toBe(0)
})

test('a base offset that goes back is an error', async () => {
  log
    .append(THREE)
    .appendBytes(encodeBatch({ ...THREE, baseOffset: 0 }), 3)
    .append(THREE)
  expectFault(await readReplay(broker), {
    goodOffsets: range(3),
    code: 'ERR_OFFSET_STEP_BACK',
    offset: 0,
    says: /offset 3 was to come next.*start again from what is there/,
  })
})

test('a negative base offset is an error', async () => {
  log.append(THREE).appendBytes(encodeBatch({ ...THREE, baseOffset: -5 }), 3)
  const outcome = await readUntilFault(broker)
  expect(offsetsOf(outcome)).toEqual(range(3))
  expect(outcome.error).toMatchObject({
    code: 'ERR_CORRUPT_RECORD_BATCH',
    topic: 't',
    partition: 0,
  })
})

describe('a last offset of a batch', () => {
  test('is an error below the base offset', async () => {
    log.append(THREE).appendBytes(encodeBatch({ ...THREE, baseOffset: 3, lastOffsetDelta: -2 }), 3)
    expectFault(await readReplay(broker), {
      goodOffsets: range(3),
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: 3,
      says: /last offset is below its base offset/,
    })
  })

  // It cannot be told from compaction's work; what comes behind it can.
  test('that is 2^31 ahead skips nothing in silence', async () => {
    const lie = encodeBatch({ ...THREE, baseOffset: 3, lastOffsetDelta: 2 ** 31 - 1 })
    log.append(THREE).appendBytes(lie, 3).append(THREE)
    const outcome = await readUntilFault(broker)
    expect(offsetsOf(outcome)).toEqual(range(6))
    expect(outcome.error).toMatchObject({
      topic: 't',
      partition: 0,
      message: expect.stringMatching(/start again from what is there|create a new manager/),
    })
    expect(outcome.error?.code).toMatch(/ERR_OFFSET_(STEP_BACK|OUT_OF_RANGE)/)
  })

  test('is an error past the largest offset', async () => {
    const baseOffset = 2n ** 63n - 2n
    log.append(THREE).appendBytes(encodeBatch({ ...THREE, baseOffset }), 3)
    const outcome = await readReplay(broker)
    expect(offsetsOf(outcome)).toEqual(range(3))
    expect(outcome.error).toMatchObject({ topic: 't', partition: 0 })
  })
})

describe('a start by a time that no record has reached', () => {
  const replay = () => readReplay(broker, { topics: [SourceTopic.fromAbsoluteTime('t', 1_000)] })

  // Between the look-ups of the starts and of the ends. It was left out.
  test('includes a record that arrives before the end is looked up', async () => {
    log.append(THREE)
    log.offsetOfTime = () => {
      if (log.endOffset > 3) return 4
      log.append({ records: [{ timestampDelta: 999 }] })
      log.append({ records: [{ timestampDelta: 1_000 }] })
      return -1
    }
    const outcome = await replay()
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([4])
  })

  test('ends where it starts if none arrives', async () => {
    log.append(THREE)
    log.offsetOfTime = () => -1
    const outcome = await replay()
    expect(outcome.error).toBeNull()
    expect(outcome.rows).toEqual([])
  })
})
