import {
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { replayOf } from '../support/read-rows.js'
import { rowsOf } from '../support/rows.js'
import { DEADLINE_MS, until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const RECORDS = 200

let cluster: MockCluster
let config: Record<string, string>
beforeEach(async () => {
  cluster = MockCluster.start()
  cluster.createTopic('t')
  config = { 'bootstrap.servers': cluster.bootstrapServers }
  await writeLog(
    { ...config, 'batch.num.messages': 1 },
    Array.from({ length: RECORDS }, (_, i) => ({
      topic: 't',
      partition: 0,
      timestamp: TIME + i,
      value: new Uint8Array(60_000),
    })),
  )
})
afterEach(() => cluster.close())

const create = (options: StreamOptions & Partial<KafkaOptions> = {}) =>
  ConsumerManager.create({ config, topics: [SourceTopic.fromEarliest('t')], ...options })

/** One record a fetch, ten fetches a second. */
function createSlow(options: StreamOptions & Partial<KafkaOptions> = {}) {
  cluster.setRoundTripTime(1, 100)
  return create({ maxBufferedBytes: 1024 * 1024, maxBatchBytes: 64 * 1024 * 1024, ...options })
}

test('in the replay the deadline of a poll counts from the poll, not from the last record', async () => {
  await using manager = await createSlow()
  const started = performance.now()
  const { numRows } = await manager.poll(1_000)
  expect(performance.now() - started).toBeGreaterThan(990)
  expect(numRows).toBeGreaterThan(0)
  // All of them would take twenty seconds.
  expect(numRows).toBeLessThan(RECORDS)
})

test('a poll with Infinity waits for a full batch', async () => {
  await using manager = await createSlow({ batchSize: 40 })
  expect((await manager.poll(Number.POSITIVE_INFINITY)).numRows).toBe(40)
})

test('a full batch does not wait for the deadline', async () => {
  await using manager = await create({ batchSize: RECORDS / 2 })
  expect((await manager.poll(3_600_000)).numRows).toBe(RECORDS / 2)
})

test('a poll with 0 gives what is ready, at once: nothing while the broker is silent', async () => {
  await using manager = await create({ maxBufferedBytes: 1024 * 1024, batchSize: 1 })
  await until('some are fetched', () => manager.heldMessageCount() > 2)
  cluster.setBrokerDown(1, true)
  let rows = 0
  const drained = async () => {
    const { numRows } = await manager.poll(0)
    rows += numRows
    return numRows === 0
  }
  await until('what was fetched is read', drained)
  expect(rows).toBeGreaterThan(1)
  expect(rows).toBeLessThan(RECORDS)
  const started = performance.now()
  // A second each, the default, would take longer.
  const polls = DEADLINE_MS / 500
  for (let i = 0; i < polls; i++) expect((await manager.poll(0)).numRows).toBe(0)
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS)
  cluster.setBrokerDown(1, false)
  expect(await replayOf(manager)).toHaveLength(RECORDS - rows)
})

test('a batch without rows has all columns', async () => {
  await using manager = await create({ topics: [SourceTopic.fromLatest('t')] })
  const batch = await manager.poll(0)
  expect(batch.schema.fields.map(({ name }) => name)).toEqual([
    'key',
    'value',
    'topic',
    'partition',
    'offset',
    'timestamp',
  ])
  expect(rowsOf(batch)).toEqual([])
})

test('a poll waits a second by default', async () => {
  await using manager = await create({ topics: [SourceTopic.fromLatest('t')] })
  const started = performance.now()
  expect((await manager.poll()).numRows).toBe(0)
  expect(performance.now() - started).toBeGreaterThan(990)
})
