// What the programs of tests share. Each runs in a process of its own, through run-program.ts.
import { randomBytes, randomFillSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConsumerManager, SourceTopic } from 'tidemark'
import { MockCluster, Producer } from 'tidemark/testing'
import { listenInSilence } from './silent-server.js'
import { until } from './until.js'

export { ConsumerManager, MockCluster, Producer, SourceTopic, sleep, until }

const TIME = 1_700_000_000_000

export const threads = () => readdirSync('/proc/self/task').length
export const descriptors = () => readdirSync('/proc/self/fd').length

/** RSS in bytes: now, and the most that it ever was. */
export function memory() {
  const status = readFileSync('/proc/self/status', 'utf8')
  const bytes = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+) kB`))[1]) * 1024
  return { rss: bytes('VmRSS'), peak: bytes('VmHWM') }
}

/** RSS in bytes before a stream begins: without garbage, and with what the first `create` loads. */
export async function restingRss() {
  await import('apache-arrow')
  await collectGarbage()
  return memory().rss
}

/** Waits until there are no more threads than before. */
export async function threadsAreBackAt(before) {
  await until(`${threads()} threads become ${before} again`, () => threads() <= before)
}

export async function msOf(action) {
  const started = performance.now()
  await action()
  return performance.now() - started
}

/** How the timestamps of a topic's records lie over its partitions: the partition of each. */
const LAYOUTS = {
  interleaved: (i, _records, partitions) => i % partitions,
  oneAfterAnother: (i, records, partitions) => Math.floor((i * partitions) / records),
  reversed: (i, records, partitions) => partitions - 1 - Math.floor((i * partitions) / records),
  last: (_i, _records, partitions) => partitions - 1,
}

/**
 * Fills a topic: record i has the timestamp TIME + firstTime + i, so that the right order is plain
 * to see.
 */
export async function fill(config, name, options = {}) {
  const { partitions = 4, records = 1_000, valueBytes = 100, layout = 'interleaved' } = options
  const { firstTime = 0, compresses, inHeaders = false } = options
  const partitionOf = LAYOUTS[layout]
  const bytes = compresses ? compressible(valueBytes, compresses) : sliding(valueBytes)
  const producer = await Producer.create({
    config: { 'linger.ms': 5, ...config, ...options.producer },
    closeTimeoutMs: 60_000,
  })
  for (let i = 0; i < records; i++) {
    const value = bytes(i)
    await producer.send({
      topic: name,
      partition: partitionOf(i, records, partitions),
      timestamp: TIME + firstTime + i,
      ...(inHeaders ? { headers: { h: value } } : { value }),
    })
  }
  await producer.close()
}

/** Noise for record i, which costs nothing to make; it compresses where records follow each other. */
function sliding(size) {
  const noise = randomBytes(size + 4096)
  return (i) => noise.subarray(i % 4096, (i % 4096) + size)
}

/** Bytes that compress so many times; from 1,000 on as far as the codec can. */
function compressible(size, times) {
  const value = Buffer.alloc(size, 'x')
  const noise = value.subarray(0, times < 1_000 ? size / times : 0)
  return () => {
    randomFillSync(noise)
    return value
  }
}

/** A cluster in this process, with a topic `t` that is filled as `options` say. */
export async function startFilled(options = {}) {
  const cluster = MockCluster.start({ brokers: options.brokers ?? 1 })
  cluster.createTopic('t', { partitions: options.partitions ?? 4 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  if (options.records !== 0) await fill(config, 't', options)
  return { cluster, config }
}

export function open(config, options = {}) {
  return ConsumerManager.create({ config, topics: [SourceTopic.fromEarliest('t')], ...options })
}

/**
 * Reads the replay; throws unless the timestamps rise by one from row to row, so that no record is
 * missing, twice, or out of order. Returns how many there were.
 */
export async function replay(manager, afterBatch = (batch) => manager.release(batch)) {
  let expected = null
  let rows = 0
  while (!manager.isLive()) {
    const batch = await manager.poll(10_000)
    if (batch.numRows === 0) continue
    const times = batch.getChild('timestamp').data[0].values
    for (let i = 0; i < batch.numRows; i++) {
      const time = Number(times[i])
      if (expected !== null && time !== expected) throw new Error(`${time} instead of ${expected}`)
      expected = time + 1
    }
    rows += batch.numRows
    await afterBatch(batch)
  }
  return rows
}

/** What the program found; run-program.ts hands it on. */
export function report(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`)
}

/** The properties for a broker that never answers. */
export async function startSilentServer() {
  return { 'bootstrap.servers': (await listenInSilence()).address }
}

export async function collectGarbage() {
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  await new Promise(setImmediate)
}
