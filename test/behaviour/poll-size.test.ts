import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { openCluster, type TestCluster } from '../support/cluster.js'
import { rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const KIB = 1024

let cluster: TestCluster
let topic: string
beforeEach(async () => {
  cluster = openCluster()
  topic = await cluster.createTopic('t', 2)
})
afterEach(() => cluster.close())

/** Reads records with values of these sizes; gives the rows and bytes of each batch. */
async function batchesOf(sizes: number[], options: StreamOptions) {
  const { config } = cluster
  await writeLog(
    config,
    sizes.map((size, i) => ({
      topic,
      partition: i % 2,
      timestamp: TIME + i,
      key: 'k',
      value: new Uint8Array(size - 1),
    })),
  )
  await using manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest(topic)],
    ...options,
  })
  const batches: { rows: number; bytes: number }[] = []
  while (!manager.isLive()) {
    const rows = rowsOf(await manager.poll(Number.POSITIVE_INFINITY))
    const bytes = rows.map(({ key, value }) => (key?.length ?? 0) + (value?.length ?? 0))
    batches.push({ rows: rows.length, bytes: bytes.reduce((sum, size) => sum + size, 0) })
  }
  return batches
}

test.each([1, 10, 99, 100, 101])(
  'batches have batchSize %i rows, but for the last',
  async (rows) => {
    const batches = await batchesOf(Array(1_000).fill(10), { batchSize: rows })
    const sizes = batches.map((batch) => batch.rows)
    expect(sizes.slice(0, -1)).toEqual(Array(Math.ceil(1_000 / rows) - 1).fill(rows))
    expect(sizes.at(-1)).toBe(1_000 % rows || rows)
  },
)

test('batches have maxBatchBytes at most, and no fewer rows than fit', async () => {
  const batches = await batchesOf(Array(1_000).fill(100), { maxBatchBytes: 4 * KIB })
  expect(batches.slice(0, -1)).toEqual(Array(24).fill({ rows: 40, bytes: 4_000 }))
  expect(batches.at(-1)).toEqual({ rows: 40, bytes: 4_000 })
})

test('a record that is larger than maxBatchBytes comes alone', async () => {
  const batches = await batchesOf([500, 500, 5_000, 100, 1_024, 1_025, 1], { maxBatchBytes: KIB })
  expect(batches).toEqual([
    { rows: 2, bytes: 1_000 },
    { rows: 1, bytes: 5_000 },
    { rows: 1, bytes: 100 },
    { rows: 1, bytes: 1_024 },
    { rows: 1, bytes: 1_025 },
    { rows: 1, bytes: 1 },
  ])
})
