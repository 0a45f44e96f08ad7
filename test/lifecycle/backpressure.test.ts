import { CLEAN, run, startCluster } from '../support/run-program.js'

const MIB = 2 ** 20

test('256 partitions are read with the smallest budget that is allowed', async () => {
  const records = 100_000
  const cluster = await startCluster({ partitions: 256, records, layout: 'oneAfterAnother' })
  const outcome = await run(`
    const config = ${cluster.config}
    const smallest = 256 * 65_536
    const refused = await open(config, { maxBufferedBytes: smallest - 1 }).catch((error) => error)
    const manager = await open(config, { maxBufferedBytes: smallest })
    report([refused.code, refused.message, await replay(manager)])
    await manager.close()
  `)
  await cluster.stop()
  expect(outcome).toMatchObject(CLEAN)
  expect(outcome.result).toEqual([
    'ERR_INVALID_OPTION',
    expect.stringContaining('give at least 16777216 (64 KiB a partition)'),
    records,
  ])
})

test.each([
  [1, 1],
  [1, 4],
  [3, 7],
])('record batches as large as they get never deadlock: %i of %i', async (brokers, partitions) => {
  // Each is larger than a partition's share, its queue, and its part of a fetch.
  const producer = { 'message.max.bytes': 3_000_000, 'batch.size': 2_500_000 }
  const options = { partitions, records: 60, valueBytes: 700_000, brokers, producer }
  const cluster = await startCluster({ ...options, layout: 'oneAfterAnother' })
  const outcome = await run(`
    const config = ${cluster.config}
    const rows = []
    for (const [maxBufferedBytes, batchSize] of [[${MIB}, 1], [${MIB}, 7], [${4 * MIB}, 10_000]]) {
      const manager = await open(config, { maxBufferedBytes, batchSize })
      rows.push(await replay(manager))
      await manager.close()
    }
    report(rows)
  `)
  await cluster.stop()
  expect(outcome).toEqual({ ...CLEAN, result: [60, 60, 60] })
})

test('tiny record batches that wait beside a large partition cost what they hold', async () => {
  // All of partition 1 comes after all of partition 0, and both arrive in the same responses.
  const tiny = 20_000
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 0, partitions: 2 })
    const large = { partitions: 1, records: 60_000, valueBytes: 1024 }
    await fill(config, 't', large)
    await fill(config, 't', {
      records: ${tiny},
      valueBytes: 1,
      layout: 'last',
      partitions: 2,
      firstTime: large.records,
      producer: { 'batch.num.messages': 1 },
    })
    const before = await restingRss()
    const manager = await open(config, { maxBufferedBytes: ${16 * MIB}, batchSize: 1_000 })
    const rows = await replay(manager)
    report({ rows, growth: memory().peak - before })
    await manager.close()
    await cluster.close()
  `)
  expect(outcome).toMatchObject({ ...CLEAN, result: { rows: 60_000 + tiny } })
  expect(outcome.result.growth).toBeLessThan((16 + 48) * MIB)
})

test('a slow partition holds the others back, and nothing of them is lost', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: 40_000, partitions: 4, brokers: 4 })
    for (let i = 0; i < 4; i++) cluster.setLeader('t', i, i + 1)
    cluster.setRoundTripTime(3, 300)
    const manager = await open(config, { maxBufferedBytes: ${MIB}, batchSize: 1_000 })
    let mostPaused = 0
    const rows = await replay(manager, (batch) => {
      mostPaused = Math.max(mostPaused, manager.pausedPartitionCount())
      manager.release(batch)
    })
    report({ rows, mostPaused })
    await manager.close()
    await cluster.close()
  `)
  expect(outcome).toMatchObject({ ...CLEAN, result: { rows: 40_000 } })
  expect(outcome.result.mostPaused).toBeGreaterThanOrEqual(3)
})

test('is_paused and pausedPartitionCount tell of partitions that run ahead, and of no others', async () => {
  const outcome = await run(`
    const options = { records: 40_000, valueBytes: 1024, partitions: 4, layout: 'oneAfterAnother' }
    const { cluster, config } = await startFilled(options)
    const manager = await open(config, { maxBufferedBytes: ${2 * MIB}, batchSize: 1_000 })
    const paused = () => Array.from(manager.partitionState().getChild('is_paused'))
    await until('all wait for the first poll', () => manager.pausedPartitionCount() === 4)
    // In the first partition's time the others wait; in the last one's none is left to wait.
    const seen = new Set()
    let batches = 0
    await replay(manager, async (batch) => {
      const partition = batch.getChild('partition').get(batch.numRows - 1)
      manager.release(batch)
      batches++
      const states = paused()
      if (states.filter(Boolean).length !== manager.pausedPartitionCount()) return
      seen.add(partition + ': ' + states.map((state, i) => (state && i > partition ? i : '')).join(''))
    })
    report({ seen: [...seen], after: paused(), count: manager.pausedPartitionCount() })
    await manager.close()
    await cluster.close()
  `)
  expect(outcome).toMatchObject({
    ...CLEAN,
    result: { after: [false, false, false, false], count: 0 },
  })
  const waiting = ['0: 123', '1: 23', '2: 3', '3: ']
  // The batch that is being prepared may have begun on the next partition already.
  const oneAhead = ['0: 23', '1: 3', '2: ']
  expect(outcome.result.seen).toEqual(expect.arrayContaining(waiting))
  expect([...waiting, ...oneAhead]).toEqual(expect.arrayContaining(outcome.result.seen))
})

test('what was fetched of paused partitions is not thrown away and fetched again', async () => {
  const [records, valueBytes] = [40_000, 1024]
  const outcome = await run(`
    const options = { records: ${records}, valueBytes: ${valueBytes}, layout: 'oneAfterAnother' }
    const { cluster, config } = await startFilled(options)
    // librdkafka's own account of what came over the network.
    let bytes = 0
    const logger = ({ message }) => {
      bytes += Number(message.match(/ MessageSet size (\\d+), error "Success"/)?.[1] ?? 0)
    }
    const manager = await open({ ...config, debug: 'msg' }, {
      maxBufferedBytes: ${MIB},
      batchSize: 1_000,
      logger,
    })
    let mostPaused = 0
    await replay(manager, (batch) => {
      mostPaused = Math.max(mostPaused, manager.pausedPartitionCount())
      manager.release(batch)
    })
    await manager.close()
    report({ bytes, mostPaused })
    await cluster.close()
  `)
  expect(outcome).toMatchObject(CLEAN)
  expect(outcome.result.mostPaused).toBeGreaterThanOrEqual(3)
  expect(outcome.result.bytes).toBeGreaterThan(records * valueBytes)
  expect(outcome.result.bytes).toBeLessThan(1.05 * records * valueBytes)
})
