import { createHash } from 'node:crypto'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { type Codec, encodeBatch, type HostileBroker } from '../support/hostile-broker/index.js'
import { setHostileScene } from './hostile-scene.js'
import { expectFault, range, readReplay } from './read-replay.js'

const MIB = 1024 * 1024
const LIMIT = 53 * MIB

let broker: HostileBroker
setHostileScene((scene) => {
  ;({ broker } = scene)
})

test.each<Codec>(['none', 'zstd'])(
  'records of 10 MB among small ones, larger than any fetch, come out, codec %s',
  async (codec) => {
    const log = broker.createTopic('t').partition(0)
    const value = Buffer.alloc(10 * MIB, 'large')
    for (let i = 0; i < 3; i++) {
      log.append({ records: [{ value: 'small' }], codec }).append({ records: [{ value }], codec })
    }
    const outcome = await readReplay(broker, { maxBufferedBytes: MIB })
    expect(outcome.error).toBeNull()
    expect(outcome.rows.map(({ value }) => value)).toEqual(
      Array.from({ length: 3 }, () => ['small', `${10 * MIB} bytes`]).flat(),
    )
  },
)

test('a record of 100 MiB comes alone, once the limit allows it', async () => {
  const log = broker.createTopic('t').partition(0)
  const value = Buffer.alloc(100 * MIB, 'very large')
  log.append({ records: [{ value: 'a' }] }).append({ records: [{ value }] })
  log.append({ records: [{ value: 'b' }] })
  await using manager = await ConsumerManager.create({
    config: { ...broker.config, 'receive.message.max.bytes': 120 * MIB },
    topics: [SourceTopic.fromEarliest('t')],
  })
  const seen: (string | number)[] = []
  while (!manager.isLive()) {
    const batch = await manager.poll(Number.POSITIVE_INFINITY)
    const values = batch.getChild('value')
    for (let i = 0; i < batch.numRows; i++) {
      const bytes = values?.get(i) as Uint8Array
      seen.push(bytes.length > 1 ? createHash('sha256').update(bytes).digest('hex') : batch.numRows)
    }
    manager.release(batch)
  }
  expect(seen[1]).toBe(createHash('sha256').update(value).digest('hex'))
  expect(seen).toHaveLength(3)
})

describe('a record batch larger than receive.message.max.bytes', () => {
  const batch = encodeBatch({ records: [{ value: Buffer.alloc(LIMIT, 'too large') }] })
  const config = { 'receive.message.max.bytes': LIMIT }

  /** The base offset is no part of the checksum. */
  function at(offset: number): Buffer {
    batch.writeBigInt64BE(BigInt(offset))
    return batch
  }

  test('ends in an error at its offset, after the good records', async () => {
    const log = broker.createTopic('t').partition(0)
    log.append({ records: [{ value: 'good' }] }).appendBytes(at(1), 1)
    expectFault(await readReplay(broker, { config }), {
      goodOffsets: [0],
      code: 'ERR_RECORD_TOO_LARGE',
      offset: 1,
      says: /raise 'receive.message.max.bytes'/,
    })
  })

  test.each([0, 1, 2, 3, 4, 5])(
    'in partition %i fails that partition alone: all comes out that is before it',
    async (bad) => {
      const topic = broker.createTopic('t', 6)
      for (const [i, log] of topic.partitions.entries()) {
        for (let k = 0; k < 19; k++) log.append({ records: [{ value: 'good', timestampDelta: k }] })
        if (i === bad) log.appendBytes(at(19), 1)
        else log.append({ records: [{ value: 'good', timestampDelta: 19 }] })
      }
      const outcome = await readReplay(broker, { config })
      expect(outcome.error).toMatchObject({
        code: 'ERR_RECORD_TOO_LARGE',
        topic: 't',
        partition: bad,
        offset: 19n,
      })
      // Behind its timestamp 18 nothing is released: its next one might have 18, too. What has that
      // timestamp comes before it in partitions before it alone.
      const rowsOf = (partition: number) =>
        outcome.rows.filter((row) => row.partition === partition)
      expect(range(6).map((partition) => rowsOf(partition).length)).toEqual(
        range(6).map((partition) => (partition <= bad ? 19 : 18)),
      )
    },
  )
})
