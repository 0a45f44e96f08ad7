import { CLEAN, run } from '../support/run-program.js'

const REPLAYING = `
  const { cluster, config } = await startFilled({ records: 50_000 })
  const manager = await open(config, { batchSize: 1_000 })
  const rows = replay(manager)
`
const LIVE = `
  const { cluster, config } = await startFilled({ records: 0 })
  const manager = await open(config)
`

test('an open manager does not keep the process alive', async () => {
  const outcome = await run(`${LIVE}
    await manager.poll(0)
    globalThis.kept = [cluster, manager]
  `)
  expect(outcome).toEqual({ ...CLEAN, result: null })
})

test('a pending poll keeps the process alive', async () => {
  const outcome = await run(`${LIVE}
    manager.poll(1_000).then(({ numRows }) => report(numRows))
  `)
  expect(outcome).toEqual({ ...CLEAN, result: 0 })
})

test('a poll that was aborted does not keep the process alive', async () => {
  const outcome = await run(`${LIVE}
    const abort = new AbortController()
    const polled = manager.poll(Infinity, { signal: abort.signal }).catch(({ name }) => name)
    await sleep(5)
    abort.abort()
    report(await polled)
  `)
  expect(outcome).toEqual({ ...CLEAN, result: 'AbortError' })
})

test('a create and a close that are pending keep the process alive', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 0 })
    open(config).then((manager) => manager.close()).then(() => report('closed'))
  `)
  expect(outcome).toEqual({ ...CLEAN, result: 'closed' })
})

test.each([
  ['in the middle of a poll', `${LIVE} manager.poll(Infinity); process.exit(0)`],
  ['in a later turn of a poll', `${LIVE} manager.poll(Infinity); setTimeout(process.exit, 20)`],
  ['in the middle of a replay', `${REPLAYING} setTimeout(process.exit, 20)`],
  ['in the middle of create', 'open(await startSilentServer()); setTimeout(process.exit, 20)'],
  ['in the middle of close', `${REPLAYING} rows.catch(() => {}); manager.close(); process.exit(0)`],
  ['where a poll resolves', `${LIVE} manager.poll(0).then(() => process.exit(0))`],
])('process.exit ends well %s', async (_when, script) => {
  const outcomes = await Promise.all([script, script, script].map((each) => run(each)))
  for (const outcome of outcomes) expect(outcome).toEqual({ ...CLEAN, result: null })
})

test('an uncaught exception in the middle of a replay ends the process as any other', async () => {
  const outcome = await run(`${REPLAYING}
    setTimeout(() => { throw new Error('of the program') }, 20)
  `)
  expect(outcome).toMatchObject({ status: 1, signal: null })
  expect(outcome.stderr).toContain('Error: of the program')
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends the process in the middle of a replay',
  async (signal) => {
    const outcome = await run(
      `${REPLAYING}
      report('replaying')
      setInterval(() => {}, 1_000)
    `,
      { onReport: (_result, program) => program.kill(signal) },
    )
    expect(outcome).toMatchObject({ status: null, signal })
  },
)

test('a handler of SIGTERM closes and the process ends by itself', async () => {
  const outcome = await run(
    `${LIVE}
      process.once('SIGTERM', async () => {
        await manager.close()
        await cluster.close()
        process.removeAllListeners('SIGTERM')
      })
      manager.poll(Infinity).catch(({ code }) => report(code))
      report('polling')
    `,
    {
      onReport: (result, program) => {
        if (result === 'polling') program.kill('SIGTERM')
      },
    },
  )
  expect(outcome).toEqual({ ...CLEAN, result: 'ERR_CLOSED' })
})
