import { CLEAN, run, startCluster } from '../support/run-program.js'

test('1,000 partitions are replayed in order, and leave no thread behind', async () => {
  const records = 200_000
  const cluster = await startCluster({ partitions: 1_000, records })
  const outcome = await run(`
    const config = ${cluster.config}
    await (await open(config)).close()
    const before = threads()
    const manager = await open(config)
    const rows = await replay(manager)
    const states = manager.partitionState()
    await manager.close()
    await threadsAreBackAt(before)
    report({ rows, partitions: states.numRows })
  `)
  await cluster.stop()
  expect(outcome).toEqual({ ...CLEAN, result: { rows: records, partitions: 1_000 } })
})
