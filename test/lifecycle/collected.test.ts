import { CLEAN, run } from '../support/run-program.js'

// Nobody calls close() here: the collector finds out that nobody can use the manager any more.

test('a manager that is dropped ends with its threads', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 10_000 })
    await (await open(config)).close()
    const before = threads()
    const drop = async () => {
      await open(config)
      const polled = await open(config, { batchSize: 100 })
      await polled.poll(10_000)
    }
    for (let i = 0; i < 10; i++) await drop()
    const most = threads()
    await until('the threads are gone', async () => {
      await collectGarbage()
      return threads() <= before
    })
    report(most > before)
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: true })
})

test('a manager whose poll is pending is not dropped', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 0 })
    const polled = (await open(config)).poll(1_000)
    for (let i = 0; i < 10; i++) await collectGarbage()
    report((await polled).numRows)
  `)
  expect(outcome).toEqual({ ...CLEAN, result: 0 })
})

test('batches, and what was taken out of them, outlive their manager', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 20_000 })
    const offsets = []
    const read = async () => {
      const manager = await open(config, { batchSize: 5_000 })
      await replay(manager, (batch) => offsets.push(batch.getChild('offset').data[0].values))
      return new WeakRef(manager)
    }
    const manager = await read()
    await until('the manager is collected', async () => {
      await collectGarbage()
      return manager.deref() === undefined
    })
    await collectGarbage()
    const sum = offsets.reduce((sum, values) => values.reduce((a, b) => a + b, sum), 0n)
    report(Number(sum))
    await cluster.close()
  `)
  // Four partitions, each with the offsets from 0 to 4,999.
  expect(outcome).toEqual({ ...CLEAN, result: 4 * ((5_000 * 4_999) / 2) })
})
