import { CLEAN, run } from '../support/run-program.js'

test('what logger and onEvent throw is told as uncaught exceptions, and the stream goes on', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ brokers: 2, records: 20_000 })
    const uncaught = new Set()
    process.on('uncaughtException', (error) => uncaught.add(error.message))
    process.on('unhandledRejection', (error) => uncaught.add(error.message))
    const manager = await open({ ...config, debug: 'broker,metadata' }, {
      logger() { throw new Error('from logger') },
      onEvent({ type }) {
        if (type === 'brokerUp') throw new Error('from onEvent')
        return Promise.reject(new Error('from an async onEvent'))
      },
    })
    const rows = await replay(manager)
    cluster.setBrokerDown(2, true)
    await until('all three are told', () => uncaught.size === 3)
    await manager.close()
    cluster.close()
    report({ rows, uncaught: [...uncaught].sort() })
  `)
  expect(outcome).toEqual({
    ...CLEAN,
    result: { rows: 20_000, uncaught: ['from an async onEvent', 'from logger', 'from onEvent'] },
  })
})

test.each(['', "debug: 'all',"])(
  'nothing is written to stderr without a logger: %s',
  async (debug) => {
    const outcome = await run(`
    const { cluster, config } = await startFilled({ brokers: 2, records: 1_000 })
    const types = new Set()
    const reconnect = { 'reconnect.backoff.ms': 10, 'reconnect.backoff.max.ms': 50 }
    const manager = await open({ ...config, ...reconnect, ${debug} }, {
      stallTimeoutMs: 200,
      onEvent: ({ type }) => types.add(type),
    })
    await replay(manager)
    cluster.setBrokerDown(1, true)
    cluster.setBrokerDown(2, true)
    await until('the brokers are down', () => types.has('allBrokersDown'))
    await manager.close()
    const refused = await open({ 'bootstrap.servers': '127.0.0.1:1', ${debug} }, {
      createTimeoutMs: 300,
    }).catch(({ code }) => code)
    cluster.close()
    report(refused)
  `)
    expect(outcome).toEqual({ ...CLEAN, result: 'ERR_CREATE_TIMEOUT' })
  },
)
