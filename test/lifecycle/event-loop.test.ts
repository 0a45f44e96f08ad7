import { CLEAN, run, startCluster } from '../support/run-program.js'

test('a replay at full speed does not block the event loop', async () => {
  const cluster = await startCluster({ records: 500_000 })
  const outcome = await run(`
    const { monitorEventLoopDelay } = await import('node:perf_hooks')
    const config = ${cluster.config}
    const manager = await open(config, { batchSize: 50_000 })
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    let rows = 0
    let polls = 0
    while (!manager.isLive()) {
      const batch = await manager.poll(10_000)
      rows += batch.numRows
      polls++
      manager.release(batch)
    }
    delay.disable()
    report({ rows, polls, medianMs: delay.percentile(50) / 1e6, mostMs: delay.max / 1e6 })
    await manager.close()
  `)
  await cluster.stop()
  expect(outcome).toMatchObject({ ...CLEAN, result: { rows: 500_000 } })
  // Generous, since others use the machine, too; a poll that blocked would show as its timeout.
  expect(outcome.result.medianMs).toBeLessThan(50)
  expect(outcome.result.mostMs).toBeLessThan(2_000)
})

test('pending polls, creates and closes hold no thread of the pool', async () => {
  const outcome = await run(
    `
      const { readFile } = await import('node:fs/promises')
      const { cluster, config } = await startFilled({ records: 0 })
      const managers = await Promise.all([open(config), open(config), open(config)])
      const polls = managers.map((manager) => manager.poll(Infinity).catch(({ code }) => code))
      const created = open(await startSilentServer(), { createTimeoutMs: 10_000 })
      created.catch(() => {})
      const ms = await msOf(() => readFile('package.json'))
      const closed = managers.map((manager) => manager.close())
      await readFile('package.json')
      await Promise.all(closed)
      report({ ms, codes: await Promise.all(polls) })
      process.exit()
    `,
    { env: { UV_THREADPOOL_SIZE: '1' } },
  )
  expect(outcome).toMatchObject({ ...CLEAN, result: { codes: Array(3).fill('ERR_CLOSED') } })
  expect(outcome.result.ms).toBeLessThan(5_000)
})

test('a poll resolves from a turn of the event loop of its own', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 10_000 })
    const manager = await open(config, { batchSize: 100 })
    let turns = 0
    let polls = 0
    const count = () => { turns++; immediate = setImmediate(count) }
    let immediate = setImmediate(count)
    while (!manager.isLive()) {
      await manager.poll(10_000)
      polls++
    }
    clearImmediate(immediate)
    report(turns >= polls)
    await manager.close()
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: true })
})
