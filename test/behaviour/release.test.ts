import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { digestOf, type Row, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

let cluster: MockCluster
let log: Row[]
beforeEach(async () => {
  cluster = MockCluster.start()
  cluster.createTopic('t')
  log = await writeLog(
    { 'bootstrap.servers': cluster.bootstrapServers },
    Array.from({ length: 3_000 }, (_, i) => ({
      topic: 't',
      partition: 0,
      timestamp: 1_700_000_000_000 + i,
      key: `key ${i}`,
      value: `value ${i}`,
    })),
  )
})
afterEach(() => cluster.close())

const create = (options: StreamOptions = {}) =>
  ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
    topics: [SourceTopic.fromEarliest('t')],
    batchSize: 1_000,
    ...options,
  })
const released = expect.objectContaining({ code: 'ERR_RELEASED' })

test.each([false, true])(
  'reading a released batch throws (transferable: %p)',
  async (transferable) => {
    await using manager = await create({ transferable })
    const batch = await manager.poll()
    const values = batch.getChild('value')
    const bytes = values?.data[0]?.values as Uint8Array
    expect(bytes.length).toBeGreaterThan(0)
    manager.release(batch)
    expect(() => batch.getChild('value')).toThrow(released)
    expect(() => batch.get(0)).toThrow(released)
    expect(() => batch.toArray()).toThrow(released)
    expect(() => batch.slice(0, 1)).toThrow(released)
    // Nothing of it can be seen through what was taken out of it before.
    expect(bytes.length).toBe(0)
    manager.release(batch)
  },
)

test('other batches stay as they are while released memory is used again', async () => {
  await using manager = await create({ batchSize: 100 })
  const kept: Parameters<typeof rowsOf>[0][] = []
  for (let i = 0; !manager.isLive(); i++) {
    const batch = await manager.poll()
    if (i % 2 === 0) kept.push(batch)
    else manager.release(batch)
  }
  const expected = log.filter((_, i) => Math.floor(i / 100) % 2 === 0)
  expect(kept).toHaveLength(15)
  expect(digestOf(kept.flatMap(rowsOf))).toBe(digestOf(expected))
})

test('batches outlive their manager, and can be released after it is closed', async () => {
  const manager = await create()
  const batch = await manager.poll()
  await manager.close()
  await cluster.close()
  expect(digestOf(rowsOf(batch))).toBe(digestOf(log.slice(0, 1_000)))
  manager.release(batch)
  expect(() => batch.get(0)).toThrow(released)
})

test('release takes only batches of its manager, as they were returned', async () => {
  await using manager = await create()
  await using other = await create()
  const batch = await manager.poll()
  const invalid = expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' })
  expect(() => other.release(batch)).toThrow(invalid)
  expect(() => manager.release(batch.slice(0, 10) as typeof batch)).toThrow(invalid)
  expect(() => manager.release(manager.partitionState() as never)).toThrow(invalid)
  expect(rowsOf(batch)).toHaveLength(1_000)
})
