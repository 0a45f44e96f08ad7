import { FaultyProxy, type Link } from '../support/faulty-proxy.js'
import { HostileBroker } from '../support/hostile-broker/index.js'
import { type BehindProxy, openBehindProxy } from './behind-proxy.js'
import { expectRight, readReplay } from './read-replay.js'

let behind: BehindProxy
beforeEach(async () => {
  behind = await openBehindProxy(100)
})
afterEach(() => behind[Symbol.asyncDispose]())

const links: [string, Link][] = [
  ['one byte at a time', { pieceBytes: 1 }],
  ['three bytes at a time', { pieceBytes: 3 }],
  ['jitter', { pieceBytes: 5_000, jitterMs: 20 }],
  ['100 kB a second', { pieceBytes: 2_000, bytesPerSecond: 100_000 }],
]

test.each(links)('a replay is the same over a link with %s', async (_what, link) => {
  const { proxy, right } = behind
  proxy.link = link
  const outcome = await readReplay(proxy)
  expectRight(outcome, right)
})

test('a response that takes longer than socket.timeout.ms, but comes, is not asked for again', async () => {
  await using broker = await HostileBroker.start()
  const log = broker.createTopic('t').partition(0)
  for (const value of ['a', 'b']) log.append({ records: [{ value: value.repeat(300_000) }] })
  const right = await readReplay(broker)
  log.fetchedOffsets.length = 0
  await using proxy = await FaultyProxy.start({ host: broker.host, port: broker.port })
  broker.advertised = { host: proxy.host, port: proxy.port }
  proxy.link = { pieceBytes: 10_000, bytesPerSecond: 100_000 }
  const started = performance.now()
  const outcome = await readReplay(proxy, { config: { 'socket.timeout.ms': 1_200 } })
  expectRight(outcome, right)
  // It did take longer.
  expect(performance.now() - started).toBeGreaterThan(3_000)
  // It was never asked for again.
  expect(log.fetchedOffsets.filter((offset) => offset === 0)).toHaveLength(1)
})
