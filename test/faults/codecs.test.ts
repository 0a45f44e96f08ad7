import {
  CODECS,
  type Codec,
  encodeRecord,
  type HostileBatch,
  type HostileBroker,
  type HostileLog,
  snappy,
  WITH_DICTIONARY,
  widelyWindowed,
} from '../support/hostile-broker/index.js'
import { setHostileScene, THREE } from './hostile-scene.js'
import { expectFault, range, readReplay } from './read-replay.js'

const MIB = 1024 * 1024
const REAL: Codec[] = ['gzip', 'snappy', 'lz4', 'zstd']

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
})

test('the same records come out, however they are compressed', async () => {
  const records = range(500).map((i) => ({
    key: i % 3 === 0 ? null : `key ${i}`,
    value: i % 7 === 0 ? null : 'value '.repeat(i),
    timestampDelta: i,
  }))
  const digests = new Set<string>()
  for (const codec of ['none', ...REAL] as Codec[]) {
    const topic = broker.createTopic('t').partition(0)
    topic.append({ records, codec }).append({ ...THREE, codec })
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(outcome.rows).toHaveLength(503)
    digests.add(outcome.sha256)
  }
  expect(digests.size).toBe(1)
})

// Raw snappy is whole or nothing. With room librdkafka inflated them, and gave no row of the batch.
test.each(['gzip', 'lz4', 'zstd'] as Codec[])(
  'the rows before the cut in %s data come, whether there is room to inflate it or not',
  async (codec) => {
    const records = range(2_000).map((i) => ({ value: `value ${i} `.repeat(40) }))
    const section = Buffer.concat(records.map(encodeRecord))
    const whole = CODECS[codec].compress(section)
    const compressed = whole.subarray(0, Math.floor(whole.length * 0.9))
    const read = []
    for (const maxBufferedBytes of [256 * MIB, MIB]) {
      const topic = broker.createTopic('t').partition(0).append(THREE)
      topic.append({ codec, compressed, recordCount: 2_000, lastOffsetDelta: 1_999 })
      const outcome = await readReplay(broker, { maxBufferedBytes })
      expect(outcome.error).toMatchObject({ code: 'ERR_CORRUPT_RECORD_BATCH' })
      read.push(outcome.rows.length)
    }
    expect(read[0]).toBeGreaterThan(1_000)
    expect(read[1]).toBe(read[0])
  },
)

describe.each(REAL)('%s data', (codec) => {
  const content = CODECS[codec].compress(Buffer.alloc(5_000, 'content'))
  const faults: [string, HostileBatch][] = [
    ['is garbage', { compressed: Buffer.alloc(200, 'garbage') }],
    ['inflates to nothing', { compressed: CODECS[codec].compress(new Uint8Array()) }],
    ['is cut short', { compressed: content.subarray(0, content.length / 2) }],
    ['inflates to garbage', { section: Buffer.alloc(5_000, 0xfe) }],
  ]

  test.each(faults)('that %s is a corrupt record batch', async (_what, batch) => {
    log.append({ ...THREE, codec })
    log.append({ recordCount: 1, lastOffsetDelta: 0, ...batch, codec })
    log.append({ ...THREE, codec })
    expectFault(await readReplay(broker), {
      goodOffsets: range(3),
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: 3,
      says: /read from another replica/,
    })
  })
})

test('snappy of five bytes that claims four gigabytes is a corrupt record batch', async () => {
  const compressed = snappy(2 ** 32 - 1, [Buffer.from('x')])
  log.append(THREE).append({ codec: 'snappy', compressed, recordCount: 1, lastOffsetDelta: 0 })
  expectFault(await readReplay(broker), {
    goodOffsets: range(3),
    code: 'ERR_CORRUPT_RECORD_BATCH',
    offset: 3,
    says: /read from another replica/,
  })
})

// With room in its queue a record batch is inflated on arrival, without it when its turn comes.
describe.each([
  ['as it arrives', 256 * MIB],
  ['in its turn', MIB],
])('inflated %s', (_when, maxBufferedBytes) => {
  test.each(['lz4', 'zstd'] as const)('%s with a dictionary is refused', async (codec) => {
    const section = encodeRecord({ value: 'x'.repeat(600_000) }, 0)
    const compressed = WITH_DICTIONARY[codec](section)
    log.append(THREE).append({ codec, compressed, recordCount: 1, lastOffsetDelta: 0 })
    expectFault(await readReplay(broker, { maxBufferedBytes }), {
      goodOffsets: range(3),
      code: 'ERR_UNSUPPORTED_FORMAT',
      offset: 3,
      says: /is compressed with a dictionary/,
    })
  })

  test('zstd with a window and a content above 8 MiB is read', async () => {
    const compressed = widelyWindowed(encodeRecord({ value: 'x'.repeat(9 * MIB) }, 0))
    log.append({ codec: 'zstd', compressed, recordCount: 1, lastOffsetDelta: 0 }).append(THREE)
    const outcome = await readReplay(broker, { maxBufferedBytes })
    expect(outcome.error).toBeNull()
    expect(outcome.rows.map(({ value }) => value)).toEqual([`${9 * MIB} bytes`, 'a', 'b', 'c'])
  })
})
