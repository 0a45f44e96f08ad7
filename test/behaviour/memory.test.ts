import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConsumerManager,
  type ConsumerManagerOptions,
  type HeldMemory,
  SourceTopic,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { FaultyProxy } from '../support/faulty-proxy.js'
import { HostileBroker } from '../support/hostile-broker/index.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const MIB = 1024 * 1024
const TIME = 1_700_000_000_000
const RECORDS = 64
const VALUE_BYTES = 64 * 1024
/** All of it does not fit: the merge and the queues are full, one after the other. */
const BUDGET = MIB

let cluster: MockCluster
beforeEach(async () => {
  cluster = MockCluster.start()
  cluster.createTopic('t')
  const value = new Uint8Array(VALUE_BYTES)
  await writeLog(
    { 'bootstrap.servers': cluster.bootstrapServers, 'batch.size': String(2 * VALUE_BYTES) },
    Array.from({ length: RECORDS }, (_, i) => ({
      ...{ topic: 't', partition: 0, timestamp: TIME + i, value },
    })),
  )
})
afterEach(() => cluster.close())

const create = (changes: Partial<ConsumerManagerOptions> = {}) =>
  ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
    topics: [SourceTopic.fromEarliest('t')],
    ...{ batchSize: 4, maxBufferedBytes: BUDGET, ...changes },
  } as ConsumerManagerOptions)

const total = (held: HeldMemory) => Object.values(held).reduce((sum, bytes) => sum + bytes, 0)

test('memory tells where record batches and batches are, and that they are gone', async () => {
  const manager = await create()
  const held = () => manager.memory().held
  await until('queue and merge are full', () => held().queued > 0 && held().merging > 0)
  await until('a batch is prepared', () => held().preparedBatches >= 4 * VALUE_BYTES)
  expect(held().queuedOverhead).toBeGreaterThan(0)
  expect(held().mergingOverhead).toBeGreaterThan(0)
  expect(held().decoding).toBeGreaterThan(0)
  expect(held().client).toBeGreaterThan(0)
  expect(held().handedOutBatches).toBe(0)
  const { heldBytes, held: parts } = manager.memory()
  expect(heldBytes).toBe(total(parts))

  const batch = await manager.poll()
  const bytes = held().handedOutBatches
  expect(bytes).toBeGreaterThanOrEqual(4 * VALUE_BYTES)
  manager.release(batch)
  expect(held().handedOutBatches).toBe(0)
  expect(held().freeBatches).toBeGreaterThanOrEqual(bytes)

  while (!manager.isLive()) manager.release(await manager.poll())
  await until('all is read', () => {
    const { responses, queued, queuedOverhead, merging, mergingOverhead } = held()
    return responses + queued + queuedOverhead + merging + mergingOverhead === 0
  })
  await manager.close()
  expect(manager.memory().heldBytes).toBe(0)
})

test('what is inflated when its turn comes is accounted', async () => {
  cluster.createTopic('compressed')
  const value = new Uint8Array(VALUE_BYTES)
  await writeLog(
    {
      ...{ 'bootstrap.servers': cluster.bootstrapServers, 'compression.codec': 'zstd' },
      ...{
        'linger.ms': '1000',
        'batch.size': String(4 * MIB),
        'message.max.bytes': String(4 * MIB),
      },
    },
    Array.from({ length: RECORDS }, (_, i) => ({
      ...{ topic: 'compressed', partition: 0, timestamp: TIME + i, value },
    })),
  )
  const manager = await create({ topics: [SourceTopic.fromEarliest('compressed')] })
  const held = () => manager.memory().held
  await until('a batch is prepared', () => held().preparedBatches >= 4 * VALUE_BYTES)
  expect(held().inflating).toBeGreaterThan(VALUE_BYTES)
  const { heldBytes, held: parts } = manager.memory()
  expect(heldBytes).toBe(total(parts))
  while (!manager.isLive()) manager.release(await manager.poll())
  await manager.close()
  expect(manager.memory().heldBytes).toBe(0)
})

test('only the batches that the caller has are held after close', async () => {
  const manager = await create()
  const [first, second] = [await manager.poll(), await manager.poll()]
  manager.release(first)
  const { handedOutBatches } = manager.memory().held
  await manager.close()
  expect(manager.memory().heldBytes).toBe(handedOutBatches)
  manager.release(second)
  expect(manager.memory().heldBytes).toBe(0)
})

test('a response is counted while it arrives', async () => {
  await using broker = await HostileBroker.start()
  broker
    .createTopic('slow')
    .partition(0)
    .append({ records: [{ value: 'x'.repeat(MIB) }] })
  await using proxy = await FaultyProxy.start({ host: broker.host, port: broker.port })
  broker.advertised = { host: proxy.host, port: proxy.port }
  proxy.link = { pieceBytes: 10_000, bytesPerSecond: 100_000 }
  const topics = [SourceTopic.fromEarliest('slow')]
  const manager = await ConsumerManager.create({ config: proxy.config, topics })
  const responses = () => manager.memory().held.responses
  await until('it arrives', () => responses() >= MIB)
  proxy.link = {}
  await until('it was read', () => manager.memory().held.preparedBatches >= MIB)
  await until('nothing more arrives', () => responses() < MIB)
  await manager.close()
  expect(manager.memory().heldBytes).toBe(0)
})

test('what is read from log segments is accounted', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tidemark-memory-'))
  try {
    const captured = await create({ capture: { dir } })
    while (!captured.isLive()) captured.release(await captured.poll())
    await captured.close()
    const manager = await ConsumerManager.create({
      segments: dir,
      topics: [SourceTopic.fromEarliest('t')],
      ...{ batchSize: 4, maxBufferedBytes: BUDGET },
    })
    const held = () => manager.memory().held
    await until('it is read ahead', () => held().queued > 0 && held().merging > 0)
    while (!manager.isLive()) manager.release(await manager.poll())
    expect(held()).toMatchObject({ queued: 0, merging: 0 })
    expect(held().spareBuffers).toBeGreaterThan(0)
    await manager.close()
    expect(manager.memory().heldBytes).toBe(0)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
