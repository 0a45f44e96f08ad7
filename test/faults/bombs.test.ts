import { BOMBS, type HostileBroker } from '../support/hostile-broker/index.js'
import { CLEAN, run } from '../support/run-program.js'
import { setHostileScene, THREE } from './hostile-scene.js'
import { expectFault, range, readReplay } from './read-replay.js'

const MIB = 1024 * 1024
/** What a record batch may inflate to. */
const LIMIT = 8 * MIB

let broker: HostileBroker
setHostileScene((scene) => {
  ;({ broker } = scene)
})

/** Reads until the stream fails, in a process of its own: its memory is not the broker's here. */
async function readInChild() {
  const outcome = await run(`
    // Before anything is fetched: the engine reads ahead.
    const before = await restingRss()
    let rows = 0
    let failure
    const servers = ${JSON.stringify(broker.config)}
    const manager = await open({ ...servers, 'receive.message.max.bytes': ${LIMIT} })
    while (!failure) {
      await manager.poll(Infinity).then(
        ({ numRows }) => { rows += numRows },
        (error) => { failure = error },
      )
    }
    const { code, topic, partition, offset, message } = failure
    const grewMib = (memory().peak - before) / ${MIB}
    await manager.close()
    report({ rows, code, topic, partition, offset: Number(offset), message, grewMib })
  `)
  expect(outcome).toMatchObject(CLEAN)
  return outcome.result
}

// The sizes are what each format can make of a batch of a few megabytes. They are tried up to the
// limit, by librdkafka and by the merge.
test.each([
  ['gzip', BOMBS.gzip(1024 * MIB), 'gzip'],
  ['snappy', BOMBS.snappy(128 * MIB), 'snappy'],
  ["snappy in Java's framing", BOMBS.snappyJava(128 * MIB), 'snappy'],
  ['lz4', BOMBS.lz4(1024 * MIB), 'lz4'],
  ['zstd', BOMBS.zstd(1024 * MIB), 'zstd'],
] as const)(
  'a bomb in %s ends in an error, before the memory for it is taken',
  async (_name, compressed, codec) => {
    const log = broker.createTopic('t').partition(0)
    log.append({ records: [{ value: 'good' }], codec })
    log.append({ codec, compressed, recordCount: 1, lastOffsetDelta: 0 })
    log.maxBytes = 1
    const outcome = await readInChild()
    expect(outcome).toMatchObject({
      rows: 1,
      code: 'ERR_RECORD_TOO_LARGE',
      topic: 't',
      partition: 0,
      offset: 1,
      message: expect.stringContaining("raise 'receive.message.max.bytes'"),
    })
    expect(outcome.grewMib).toBeLessThan(40 + (2 * LIMIT) / MIB)
  },
)

// With room in its queue a record batch is inflated on arrival, without it when its turn comes.
describe.each([
  ['as it arrives', 256 * MIB],
  ['in its turn', MIB],
])('what is inflated %s', (_when, maxBufferedBytes) => {
  const value = (bytes: number) => ({ records: [{ value: 'x'.repeat(bytes) }] })
  const readUpTo = (limit: number) =>
    readReplay(broker, { maxBufferedBytes, config: { 'receive.message.max.bytes': limit } })

  test('may have receive.message.max.bytes, below the default', async () => {
    const log = broker.createTopic('t').partition(0)
    log.append(THREE).append({ ...value(3 * MIB), codec: 'gzip' })
    log.append({ ...value(5 * MIB), codec: 'gzip' })
    expectFault(await readUpTo(4 * MIB), {
      goodOffsets: range(4),
      code: 'ERR_RECORD_TOO_LARGE',
      offset: 4,
      says: /raise 'receive.message.max.bytes'/,
    })
  })

  test('may have receive.message.max.bytes, above the default', async () => {
    const log = broker.createTopic('t').partition(0)
    log.append({ ...value(101_000_000), codec: 'gzip' }).append(THREE)
    const outcome = await readUpTo(110_000_000)
    expect(outcome.error).toBeNull()
    expect(outcome.rows.map(({ value }) => value)).toEqual(['101000000 bytes', 'a', 'b', 'c'])
  })
})
