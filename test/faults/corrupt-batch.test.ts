import { SourceTopic } from '../../src/index.js'
import {
  CONTROL,
  encodeBatch,
  type HostileBatch,
  type HostileBroker,
  type HostileLog,
} from '../support/hostile-broker/index.js'
import { setHostileScene, THREE } from './hostile-scene.js'
import { expectFault, offsetsOf, range, readReplay } from './read-replay.js'

const DAMAGED =
  /this copy of the log is damaged: read from another replica, or start past this offset/

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
})

describe('a wrong checksum', () => {
  test.each([
    ['start', 0],
    ['middle', 2],
    ['end', 4],
  ])('is an error at the %s of the log', async (_where, place) => {
    for (let i = 0; i < 5; i++) log.append({ ...THREE, crcOff: i === place ? 1 : 0 })
    expectFault(await readReplay(broker), {
      goodOffsets: range(3 * place),
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: 3 * place,
      says: DAMAGED,
    })
  })

  test('is an error even where a second fetch would give the right bytes', async () => {
    log.append(THREE).append(THREE)
    const damaged = encodeBatch({ ...THREE, baseOffset: 3, crcOff: 1 })
    let times = 0
    log.onFetch = (offset, answer) => {
      if (offset === 0 && times++ === 0) {
        answer.records = Buffer.concat([encodeBatch(THREE), damaged])
      }
    }
    const outcome = await readReplay(broker)
    expectFault(outcome, {
      goodOffsets: range(3),
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: 3,
      says: DAMAGED,
    })
  })
})

describe('a corrupt batch is an error at its offset, after the good records before it', () => {
  const damaged: [string, HostileBatch, string, RegExp][] = [
    ['a negative length', { length: -1 }, 'ERR_CORRUPT_RECORD_BATCH', DAMAGED],
    ['the smallest length', { length: -(2 ** 31) }, 'ERR_CORRUPT_RECORD_BATCH', DAMAGED],
    ['a length of zero', { length: 0 }, 'ERR_CORRUPT_RECORD_BATCH', DAMAGED],
    ['a length below its header', { length: 20 }, 'ERR_CORRUPT_RECORD_BATCH', DAMAGED],
    ['a length too short by one', { lengthOff: -1 }, 'ERR_CORRUPT_RECORD_BATCH', DAMAGED],
    ['a length too long by one', { lengthOff: 1 }, 'ERR_CORRUPT_RECORD_BATCH', DAMAGED],
    ['the largest length', { length: 2 ** 31 - 1 }, 'ERR_CORRUPT_RECORD_BATCH', DAMAGED],
    [
      'an unknown magic byte',
      { magic: 3 },
      'ERR_UNSUPPORTED_FORMAT',
      /codec or format that is not supported/,
    ],
    [
      'an unknown codec',
      { codec: 'unknown' },
      'ERR_UNSUPPORTED_FORMAT',
      /codec or format that is not supported/,
    ],
    [
      'a control batch that is none',
      { attributes: CONTROL, section: Buffer.from('garbage'), recordCount: 1 },
      'ERR_CORRUPT_RECORD_BATCH',
      /Control record batch is malformed/,
    ],
    [
      'a control batch cut short',
      { attributes: CONTROL, section: Buffer.of(16, 0, 0, 0), recordCount: 1 },
      'ERR_CORRUPT_RECORD_BATCH',
      /Control record batch is malformed/,
    ],
    [
      'a negative record count',
      { recordCount: -1 },
      'ERR_CORRUPT_RECORD_BATCH',
      /record count is negative/,
    ],
    [
      'the largest record count',
      { recordCount: 2 ** 31 - 1, lastOffsetDelta: 2 ** 31 - 1 },
      'ERR_CORRUPT_RECORD_BATCH',
      /record count is larger than its bytes allow/,
    ],
    [
      'more records than offsets',
      { recordCount: 4 },
      'ERR_CORRUPT_RECORD_BATCH',
      /record count is larger than its offsets allow/,
    ],
  ]

  test.each(damaged)('%s', async (_what, batch, code, says) => {
    log.append(THREE)
    // The broker knows where it ends, whatever it says of itself.
    log.appendBytes(encodeBatch({ ...THREE, baseOffset: 3, ...batch }), 3)
    log.append(THREE)
    expectFault(await readReplay(broker), { goodOffsets: range(3), code, offset: 3, says })
  })

  test.each([1, 8, 16, 17, 40, 60])(
    'a last batch of which only %i bytes are there',
    async (size) => {
      log.append(THREE)
      log.appendBytes(encodeBatch({ ...THREE, baseOffset: 3 }).subarray(0, size), 3)
      expectFault(await readReplay(broker), {
        goodOffsets: range(3),
        code: 'ERR_CORRUPT_RECORD_BATCH',
        offset: 3,
        says: DAMAGED,
      })
    },
  )

  test('garbage in the place of a batch', async () => {
    log.append(THREE).appendBytes(Buffer.alloc(500, 'garbage'), 3)
    const outcome = await readReplay(broker)
    expect(offsetsOf(outcome)).toEqual(range(3))
    expect(outcome.error).toMatchObject({ topic: 't', partition: 0, offset: 3n })
  })
})

test('a batch truncated at the end of a response is no fault: brokers cut responses so', async () => {
  const count = 40
  for (let i = 0; i < count; i++) log.append(THREE)
  const whole = await readReplay(broker)
  log.onFetch = (_offset, answer) => {
    const batch = encodeBatch(THREE).length
    answer.records = answer.records.subarray(0, batch + 37)
  }
  const cut = await readReplay(broker)
  expect(cut.error).toBeNull()
  expect(cut.sha256).toBe(whole.sha256)
  expect(cut.rows).toHaveLength(3 * count)
})

test('what other partitions hold before a corrupt batch comes out first, in order', async () => {
  const other = broker.createTopic('u').partition(0)
  other.append({
    records: [
      { value: 'early', timestampDelta: -1 },
      { value: 'later', timestampDelta: 9 },
    ],
  })
  log.append(THREE).append({ ...THREE, crcOff: 1 })
  const outcome = await readReplay(broker, {
    topics: [SourceTopic.fromEarliest('t'), SourceTopic.fromEarliest('u')],
  })
  expect(outcome.rows.map(({ value }) => value)).toEqual(['early', 'a', 'b', 'c'])
  expect(outcome.error).toMatchObject({ code: 'ERR_CORRUPT_RECORD_BATCH', topic: 't', offset: 3n })
})
