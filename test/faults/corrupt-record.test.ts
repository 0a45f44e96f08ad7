import type {
  HostileBatch,
  HostileBroker,
  HostileLog,
  HostileRecord,
} from '../support/hostile-broker/index.js'
import { setHostileScene } from './hostile-scene.js'
import { expectFault, range, readReplay } from './read-replay.js'

const LARGEST = 2n ** 63n - 1n
const SMALLEST = -(2n ** 63n)

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
})

/** The second of three records lies: the first one comes out, the error names the second. */
const lies: [string, HostileRecord, RegExp][] = [
  ['its length is negative', { lies: { length: -1 } }, /length of a record runs past/],
  ['its length is zero', { lies: { length: 0 } }, /a record is empty/],
  ['its length is too small', { lies: { length: 3 } }, /runs past the end of its record/],
  ['its length is too large', { lies: { length: 1_000 } }, /length of a record runs past/],
  ['its length is the largest', { lies: { length: LARGEST } }, /length of a record runs past/],
  ['its length is the smallest', { lies: { length: SMALLEST } }, /length of a record runs past/],
  ['its key is longer than it', { lies: { keyLength: 100 } }, /a key runs past/],
  ['its key length is below -1', { lies: { keyLength: -2 } }, /a key runs past/],
  ['its key length overflows', { lies: { keyLength: 2n ** 32n + 1n } }, /a key runs past/],
  ['its value is longer than it', { lies: { valueLength: 100 } }, /a value runs past/],
  ['its value length is below -1', { lies: { valueLength: -2 } }, /a value runs past/],
  ['its value length is the largest', { lies: { valueLength: LARGEST } }, /a value runs past/],
  ['its value is shorter than it says', { lies: { valueLength: 0 } }, /headers of a record/],
  ['it has fewer headers than it says', { lies: { headerCount: 2 } }, /headers of a record/],
  ['it has more headers than it says', { lies: { headerCount: 0 } }, /headers of a record/],
  ['its header count is negative', { lies: { headerCount: -1 } }, /headers of a record/],
  ['its header count is the largest', { lies: { headerCount: LARGEST } }, /headers of a record/],
  ['a header has no name', { lies: { headerKeyLength: -1 } }, /headers of a record/],
  ['a header name is too long', { lies: { headerKeyLength: 99 } }, /headers of a record/],
  ['a header value is too long', { lies: { headerValueLength: 99 } }, /headers of a record/],
  ['its offset is that of the record before', { offsetDelta: 0 }, /do not increase/],
  ['its offset is negative', { offsetDelta: -1 }, /do not increase/],
  ['its offset lies past the batch', { offsetDelta: 3 }, /do not increase/],
  ['its offset is the largest', { offsetDelta: LARGEST }, /do not increase/],
]

describe('a corrupt record is an error at its offset', () => {
  test.each(lies)('%s', async (_what, record, says) => {
    const good = { value: 'good' }
    const lying = { key: 'key', value: 'value', headers: [['h', 'x']] as [string, string][] }
    log.append({ records: [good, good] })
    log.append({ records: [good, { ...lying, ...record }, good] })
    log.append({ records: [good] })
    expectFault(await readReplay(broker), {
      goodOffsets: range(3),
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: 3,
      says,
    })
  })
})

describe('a varint without an end', () => {
  const unending = (count: number): HostileBatch => ({
    section: Buffer.alloc(count, 0xff),
    recordCount: 1,
    lastOffsetDelta: 0,
  })
  test.each([9, 10, 11, 64])('is a corrupt record, %i bytes long', async (count) => {
    log.append({ records: [{ value: 'good' }] }).append(unending(count))
    expectFault(await readReplay(broker), {
      goodOffsets: [0],
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: 1,
      says: /length of a record runs past/,
    })
  })
})

describe('a record count that is wrong', () => {
  const three = [{ value: 'a' }, { value: 'b' }, { value: 'c' }]
  test.each<[string, HostileBatch, number, RegExp]>([
    ['fewer records than it has', { recordCount: 2 }, 2, /bytes are left over/],
    ['no records, and has some', { recordCount: 0 }, 0, /bytes are left over/],
    [
      'more records than it has',
      {
        records: three.map((record) => ({ ...record, value: 'x'.repeat(50) })),
        recordCount: 4,
        lastOffsetDelta: 9,
      },
      3,
      /length of a record runs past/,
    ],
  ])('is an error: the batch claims %s', async (_what, batch, good, says) => {
    log.append({ records: three, ...batch })
    expectFault(await readReplay(broker), {
      goodOffsets: range(good),
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: good,
      says,
    })
  })
})
