import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { BOMBS, HostileBroker } from '../support/hostile-broker/index.js'
import { BOUND_MS } from './read-replay.js'

const MIB = 1024 * 1024
/** The smallest that librdkafka takes: it must be above 'fetch.max.bytes'. */
const LIMIT = 53 * MIB

/** Reads until the stream fails, in a process of its own: its memory is not the broker's here. */
const READER = `
const { ConsumerManager, SourceTopic } = require(${JSON.stringify(join(__dirname, '../../dist/cjs/index.js'))})
async function main() {
  const { peakRssBytes } = await import(${JSON.stringify(join(__dirname, '../../bench/support/peak-rss.mjs'))})
  // Before anything is fetched: the engine reads ahead.
  const before = peakRssBytes()
  const started = performance.now()
  const manager = await ConsumerManager.create({
    config: { 'bootstrap.servers': process.argv[1], 'receive.message.max.bytes': ${LIMIT} },
    topics: [SourceTopic.fromEarliest('t')],
  })
  let rows = 0
  try {
    for (;;) rows += (await manager.poll(${BOUND_MS})).numRows
  } catch ({ code, topic, partition, offset, message }) {
    const grewMib = (peakRssBytes() - before) / ${MIB}
    const tookMs = performance.now() - started
    console.log(JSON.stringify({ rows, code, topic, partition, offset: Number(offset), message, grewMib, tookMs }))
    await manager.close()
  }
}
main()
`

let broker: HostileBroker
beforeEach(async () => {
  broker = await HostileBroker.start()
})
afterEach(() => broker.close())

async function readInChild() {
  const child = spawn(process.execPath, ['-e', READER, broker.config['bootstrap.servers']])
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  expect(err).toBe('')
  return JSON.parse(out)
}

// The sizes are what each format can make of a batch of a few megabytes.
test.each([
  ['gzip', BOMBS.gzip(1024 * MIB), 'gzip', 40],
  ['snappy', BOMBS.snappy(128 * MIB), 'snappy', 40],
  ["snappy in Java's framing", BOMBS.snappyJava(128 * MIB), 'snappy', 40],
  // These two are tried, up to the limit.
  ['lz4', BOMBS.lz4(1024 * MIB), 'lz4', 40 + LIMIT / MIB],
  ['zstd', BOMBS.zstd(1024 * MIB), 'zstd', 40 + LIMIT / MIB],
] as const)(
  'a bomb in %s ends in an error, before the memory for it is taken',
  async (_name, compressed, codec, mostMib) => {
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
    expect(outcome.tookMs).toBeLessThan(BOUND_MS)
    expect(outcome.grewMib).toBeLessThan(mostMib)
  },
)
