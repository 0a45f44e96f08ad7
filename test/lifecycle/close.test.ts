import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { CLEAN, type Outcome, run, startCluster } from '../support/run-program.js'
import { DEADLINE_MS } from '../support/until.js'

const MANY = 20_000
/** What waits for a broker, or for this, ends long after the deadline. */
const PATIENT = '{ closeTimeoutMs: 600_000 }'
const SILENT_BROKER_MS = 300_000

/** `[when, what happens before close, and after it]`; all in one process, one after another. */
const MOMENTS: [when: string, before: string, after?: string][] = [
  ['without ever polling', ''],
  [
    'with a batch that nobody asked for',
    'await until("a batch is held", () => manager.heldMessageCount() > 0)',
  ],
  ['in the same turn as a poll', 'manager.poll().catch(() => {})'],
  ['in a pending poll', 'await replay(manager); manager.poll(Infinity).catch(() => {})'],
  ['in live', 'await replay(manager)'],
  ['with batches still out', 'globalThis.kept = [await manager.poll(), await manager.poll()]'],
  [
    'with a broker down',
    'await manager.poll(); cluster.setBrokerDown(2, true)',
    'cluster.setBrokerDown(2, false)',
  ],
  ['with the brokers gone', 'await manager.poll(); await cluster.close()'],
]

const EACH_MOMENT = `
  const { cluster, config } = await startFilled({ records: ${MANY}, brokers: 2 })
  await (await open(config)).close()  // threads that start once and stay
  const before = threads()
  const ms = {}
  const closes = async (when, action) => {
    const manager = await open(config, ${PATIENT})
    await action(manager)
    ms[when] = await msOf(() => manager.close())
    await threadsAreBackAt(before)
  }
`

describe('close ends and leaves no thread', () => {
  let outcome: Outcome
  beforeAll(async () => {
    outcome = await run(`${EACH_MOMENT}
      ${MOMENTS.map(
        ([when, before, after = '']) =>
          `await closes('${when}', async (manager) => { ${before} }); ${after}`,
      ).join('\n')}
      report(ms)
      await cluster.close()
    `)
  })

  test.each(MOMENTS)('%s', (when) => {
    expect(outcome).toMatchObject(CLEAN)
    expect(outcome.result[when]).toBeLessThan(DEADLINE_MS)
  })
})

test('close leaves no thread at any moment of a replay at full speed', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: ${MANY} })
    await (await open(config)).close()
    const before = threads()
    for (let i = 0; i < 40; i++) {
      const manager = await open(config, { batchSize: 500, maxBufferedBytes: 2 ** 20 })
      const replayed = replay(manager).catch(({ code }) => code)
      await sleep(i % 10)
      await manager.close()
      if (![${MANY}, 'ERR_CLOSED'].includes(await replayed)) throw new Error(await replayed)
    }
    await threadsAreBackAt(before)
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: null })
})

test('close does not wait for brokers that have stopped to answer', async () => {
  const cluster = await startCluster({ records: MANY })
  const outcome = await run(`
    const config = { ...${cluster.config}, 'socket.timeout.ms': ${SILENT_BROKER_MS} }
    await (await open(config)).close()
    const before = threads()
    const manager = await open(config, ${PATIENT})
    await manager.poll(1)
    process.kill(${cluster.pid}, 'SIGSTOP')
    manager.poll(Infinity).catch(() => {})
    report(await msOf(() => manager.close()))
    await threadsAreBackAt(before)
  `)
  await cluster.stop()
  expect(outcome).toMatchObject(CLEAN)
  expect(outcome.result).toBeLessThan(DEADLINE_MS)
})

test('close gives the same promise when it is called again, and ends all polls after it', async () => {
  const outcome = await run(`
    const { cluster, config } = await startFilled({ records: ${MANY} })
    const manager = await open(config, { batchSize: ${MANY} })
    while ((await manager.poll()).numRows === 0);
    const polled = manager.poll(Infinity).catch(({ code }) => code)
    const closed = manager.close()
    const isSame = manager.close() === closed
    await closed
    const later = await manager.poll().catch(({ code }) => code)
    report([isSame, manager.close() === closed, await polled, later, manager.isLive()])
    await cluster.close()
  `)
  expect(outcome).toEqual({ ...CLEAN, result: [true, true, 'ERR_CLOSED', 'ERR_CLOSED', true] })
})

describe('create gives up and leaves no thread', () => {
  const SERVERS: [string, string][] = [
    ['a server that says nothing', 'await startSilentServer()'],
    ['a name that nobody knows', "{ 'bootstrap.servers': 'no-such-host.invalid:9092' }"],
    ['a port that nobody listens on', "{ 'bootstrap.servers': '127.0.0.1:1' }"],
  ]
  let outcome: Outcome
  beforeAll(async () => {
    outcome = await run(`
      const results = {}
      let before = Infinity
      const givesUp = async (what, config) => {
        const timeouts = { createTimeoutMs: 500, closeTimeoutMs: 600_000 }
        results[what] = await open(config, timeouts).catch(({ message }) => message)
        await threadsAreBackAt(before)
      }
      await givesUp('warm-up', { 'bootstrap.servers': '127.0.0.1:1' })
      before = threads()
      ${SERVERS.map(([what, servers]) => `await givesUp('${what}', ${servers})`).join('\n')}
      report(results)
    `)
  })

  test.each(SERVERS)('%s', (what) => {
    expect(outcome).toMatchObject(CLEAN)
    expect(outcome.result[what]).toMatch(/no answer from .* within 500 ms/)
  })
})

test('await using closes a manager', async () => {
  const cluster = MockCluster.start()
  cluster.createTopic('t')
  let manager: ConsumerManager
  {
    await using opened = await ConsumerManager.create({
      config: { 'bootstrap.servers': cluster.bootstrapServers },
      topics: [SourceTopic.fromEarliest('t')],
    })
    manager = opened
    expect(manager.isLive()).toBe(true)
  }
  await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await cluster.close()
})
