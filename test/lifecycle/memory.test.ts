import { CLEAN, run, startCluster } from '../support/run-program.js'

const MIB = 2 ** 20
const BUDGET = 32 * MIB

type Cluster = Awaited<ReturnType<typeof startCluster>>

/** The log lies in another process: what grows here is the reader alone. */
async function readWithin(
  cluster: Cluster,
  options: object,
  afterBatch = 'manager.release(batch)',
) {
  const outcome = await run(`
    const config = ${cluster.config}
    const before = await restingRss()
    const manager = await open(config, ${JSON.stringify(options)})
    let batches = 0
    let mostPaused = 0
    const rows = await replay(manager, async (batch) => {
      batches++
      mostPaused = Math.max(mostPaused, manager.pausedPartitionCount())
      ${afterBatch}
    })
    report({ rows, mostPaused, growth: memory().peak - before })
    await manager.close()
  `)
  expect(outcome).toMatchObject(CLEAN)
  return outcome.result
}

describe.each(['oneAfterAnother', 'reversed'])('partitions that lie %s in time', (layout) => {
  const records = 160_000
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ partitions: 8, records, valueBytes: 1024, layout })
  })
  afterAll(() => cluster.stop())

  test('stay within the budget', async () => {
    const { rows, mostPaused, growth } = await readWithin(cluster, { maxBufferedBytes: BUDGET })
    expect(rows).toBe(records)
    expect(mostPaused).toBeGreaterThanOrEqual(6)
    expect(growth).toBeLessThan(BUDGET + 64 * MIB)
  })

  test('are read with the smallest budget', async () => {
    const { rows, growth } = await readWithin(cluster, { maxBufferedBytes: MIB, batchSize: 1_000 })
    expect(rows).toBe(records)
    expect(growth).toBeLessThan(64 * MIB)
  })
})

describe('memory', () => {
  const records = 160_000
  const valueBytes = 1024
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ partitions: 2, records, valueBytes })
  })
  afterAll(() => cluster.stop())

  test('is what batches cost that are kept for ever, and the stream goes on', async () => {
    const options = { maxBufferedBytes: BUDGET, batchSize: 2_000 }
    const keep = ';(globalThis.kept ??= []).push(batch)'
    const { rows, growth } = await readWithin(cluster, options, keep)
    expect(rows).toBe(records)
    expect(growth).toBeGreaterThan(records * valueBytes)
    expect(growth).toBeLessThan(1.5 * records * valueBytes + BUDGET + 64 * MIB)
  })

  test('stays flat while the caller pauses, and the stream goes on', async () => {
    const pause = `
      manager.release(batch)
      if (batches === 3) {
        await until('both partitions are paused', () => manager.pausedPartitionCount() === 2)
        const held = manager.heldMessageCount()
        const { rss } = memory()
        await sleep(1_500)
        if (manager.heldMessageCount() !== held) throw new Error('more is held')
        if (memory().rss > rss + ${8 * MIB}) throw new Error('memory grows')
      }
    `
    const { rows } = await readWithin(cluster, { maxBufferedBytes: 8 * MIB }, pause)
    expect(rows).toBe(records)
  })
})

test('the collector hears of the memory of batches that are dropped without release', async () => {
  const [records, valueBytes] = [50_000, 16 * 1024]
  const producer = { 'compression.codec': 'lz4' }
  const cluster = await startCluster({ partitions: 1, records, valueBytes, producer })
  const options = { maxBufferedBytes: 16 * MIB, batchSize: 25 }
  const { rows, growth } = await readWithin(cluster, options, '')
  await cluster.stop()
  expect(rows).toBe(records)
  // Less than half of what was read.
  expect(growth).toBeLessThan(350 * MIB)
})
