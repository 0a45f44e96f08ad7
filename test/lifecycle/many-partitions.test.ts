import { CLEAN, run, startCluster } from '../support/run-program.js'

test('1,000 partitions are created quickly and replayed in order', async () => {
  const records = 200_000
  const cluster = await startCluster({ partitions: 1_000, records })
  const outcome = await run(`
    const config = ${cluster.config}
    await (await open(config)).close()
    const before = threads()
    let manager
    const createMs = await msOf(async () => { manager = await open(config) })
    const rows = await replay(manager)
    const states = manager.partitionState()
    const closeMs = await msOf(() => manager.close())
    await threadsAreBackAt(before)
    report({ createMs, closeMs, rows, partitions: states.numRows })
  `)
  await cluster.stop()
  expect(outcome).toMatchObject({ ...CLEAN, result: { rows: records, partitions: 1_000 } })
  expect(outcome.result.createMs).toBeLessThan(5_000)
  expect(outcome.result.closeMs).toBeLessThan(5_000)
})
