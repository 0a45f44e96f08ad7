import { CLEAN, run, startCluster } from '../support/run-program.js'

/** CPU time that a poll may take on the thread of the event loop. */
const MOST_MS = 10

// Its CPU time, since that is the same however busy the machine is. That polls do not wait there
// either is the next test's.
test('a replay at full speed does not keep the thread of the event loop busy', async () => {
  const cluster = await startCluster({ records: 500_000 })
  const outcome = await run(`
    const { readFileSync } = await import('node:fs')
    const config = ${cluster.config}
    const manager = await open(config, { batchSize: 10_000 })
    /** Of this thread: proc(5) counts it in hundredths of a second, in user mode and in the kernel. */
    const cpuMs = () => {
      const fields = readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1].split(' ')
      return 10 * (Number(fields[11]) + Number(fields[12]))
    }
    let rows = 0
    const poll = async () => {
      const batch = await manager.poll(10_000)
      rows += batch.numRows
      manager.release(batch)
    }
    const perPoll = async (isDone, afterPoll) => {
      const before = cpuMs()
      let polls = 0
      for (; !isDone(polls); polls++) {
        await poll()
        afterPoll()
      }
      return (cpuMs() - before) / polls
    }
    await poll() // compiles what the others run
    const blocked = await perPoll((polls) => polls === 5, () => {
      for (const end = performance.now() + 200; performance.now() < end; );
    })
    const polled = await perPoll(() => manager.isLive(), () => {})
    report({ rows, polled, blocked })
    await manager.close()
  `)
  await cluster.stop()
  expect(outcome).toMatchObject({ ...CLEAN, result: { rows: 500_000 } })
  expect(outcome.result.polled).toBeLessThan(MOST_MS)
  // It would have shown.
  expect(outcome.result.blocked).toBeGreaterThan(MOST_MS)
})

test('the event loop turns while a poll waits', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 0 })
    const manager = await open(config)
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const polled = manager.poll(500)
    const whenAsked = turns
    await polled
    clearInterval(timer)
    report(turns - whenAsked > 5)
    await manager.close()
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: true })
})

test('pending polls, creates and closes hold no thread of the pool', async () => {
  const outcome = await run(
    `
      const { readFile } = await import('node:fs/promises')
      const { cluster, config } = await startFilled({ records: 0 })
      const managers = await Promise.all([open(config), open(config), open(config)])
      const polls = managers.map((manager) => manager.poll(Infinity).catch(({ code }) => code))
      // Where one of them held the only thread, no file would be read, and the program not end.
      open(await startSilentServer(), { createTimeoutMs: 600_000 }).catch(() => {})
      await readFile('package.json')
      const closed = managers.map((manager) => manager.close())
      await readFile('package.json')
      await Promise.all(closed)
      report(await Promise.all(polls))
      process.exit()
    `,
    { env: { UV_THREADPOOL_SIZE: '1' } },
  )
  expect(outcome).toEqual({ ...CLEAN, result: Array(3).fill('ERR_CLOSED') })
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
