import { CLEAN, run, startCluster } from '../support/run-program.js'

/** What a turn of the event loop may take more than without a poll. */
const MOST_MS = 10

test('a replay at full speed does not block the event loop', async () => {
  const cluster = await startCluster({ records: 500_000 })
  const outcome = await run(`
    const { monitorEventLoopDelay } = await import('node:perf_hooks')
    const config = ${cluster.config}
    const manager = await open(config, { batchSize: 10_000 })
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const longestTurn = async (action) => {
      delay.reset()
      const ms = await msOf(action)
      await sleep(2) // a turn is measured by the next one
      return { ms, longest: delay.max / 1e6 }
    }
    let rows = 0
    const poll = async () => {
      const batch = await manager.poll(10_000)
      rows += batch.numRows
      manager.release(batch)
    }
    const block = (ms) => {
      for (const end = performance.now() + ms; performance.now() < end; );
    }
    const turns = { polled: [], idle: [], blocked: [] }
    while (!manager.isLive()) {
      // All by turns: others use the machine, too, and are as likely to disturb one as the other.
      const { ms, longest } = await longestTurn(poll)
      turns.polled.push(longest)
      turns.idle.push((await longestTurn(() => sleep(ms))).longest)
      if (manager.isLive()) break
      turns.blocked.push((await longestTurn(() => poll().then(() => block(40)))).longest)
    }
    delay.disable()
    const median = (all) => all.sort((a, b) => a - b)[all.length >> 1]
    const medians = Object.entries(turns).map(([what, all]) => [what, median(all)])
    const most = Math.max(...turns.polled)
    report({ rows, most, ...Object.fromEntries(medians) })
    await manager.close()
  `)
  await cluster.stop()
  expect(outcome).toMatchObject({ ...CLEAN, result: { rows: 500_000 } })
  const { polled, idle, blocked, most } = outcome.result
  expect(most).toBeLessThan(2_000)
  expect(polled).toBeLessThan(idle + MOST_MS)
  // It would have shown.
  expect(blocked).toBeGreaterThan(idle + MOST_MS)
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
