import {
  ConsumerManager,
  type LogEntry,
  type OAuthTokenProvider,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { HostileBroker } from '../support/hostile-broker/index.js'
import { take } from '../support/read-rows.js'
import { until } from '../support/until.js'

let cluster: MockCluster
beforeEach(() => {
  cluster = MockCluster.start()
  cluster.createTopic('t')
})
afterEach(() => cluster.close())

const create = (
  oauthToken: OAuthTokenProvider,
  servers: { 'bootstrap.servers': string },
  options: StreamOptions = {},
) =>
  ConsumerManager.create({
    config: {
      ...servers,
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanisms': 'OAUTHBEARER',
    },
    topics: [SourceTopic.fromEarliest('t')],
    oauthToken,
    ...options,
  })

/** The mock cluster knows no SASL: a client that authenticates never gets through. */
async function tryToCreate(oauthToken: OAuthTokenProvider, createTimeoutMs: number) {
  const log: LogEntry[] = []
  const error = await create(
    oauthToken,
    { 'bootstrap.servers': cluster.bootstrapServers },
    { createTimeoutMs, logger: (entry) => log.push(entry) },
  ).catch((error: unknown) => error)
  return { error, log: log.map(({ message }) => message).join('\n') }
}

const SHORT_MS = 1_500

test('a token is asked for, and asked for again before it ends', async () => {
  await using broker = await HostileBroker.start()
  broker.createTopic('t')
  let asked = 0
  await using _manager = await create(() => {
    asked++
    return { token: 'a.b.c', lifetimeMs: Date.now() + SHORT_MS, principal: 'reader' }
  }, broker.config)
  await until('a third one is asked for', () => asked >= 3)
})

// librdkafka asks again 10 s later.
test('in mid-stream a token callback that fails is called again', async () => {
  await using broker = await HostileBroker.start()
  const log = broker.createTopic('t').partition(0)
  let calls = 0
  const events: string[] = []
  const oauthToken = () => {
    calls++
    if (calls === 2) throw new Error('the token service is down')
    const lifetimeMs = Date.now() + (calls === 1 ? SHORT_MS : 3_600_000)
    return { token: 'a.b.c', lifetimeMs, principal: 'reader' }
  }
  await using manager = await create(oauthToken, broker.config, {
    onEvent: ({ type }) => events.push(type),
  })
  const tokens = () => events.filter((type) => type.startsWith('token'))
  await until('it has been called again', () => tokens().length === 3)
  expect(tokens()).toEqual(['tokenRefreshed', 'tokenFailed', 'tokenRefreshed'])
  log.append({ records: [{ value: 'live' }] })
  expect(await take(manager, 1)).toHaveLength(1)
})

test('create says that it could not connect because the token callback fails', async () => {
  const cause = new RangeError('the token service is down')
  const { error, log } = await tryToCreate(() => {
    throw cause
  }, 3_000)
  expect(error).toMatchObject({
    name: 'TidemarkError',
    message: expect.stringContaining('the function threw RangeError'),
  })
  expect((error as Error).cause).toBe(cause)
  expect((error as Error).message + log).not.toContain('the token service is down')
})

test('a token never appears in errors or log lines', async () => {
  const { error, log } = await tryToCreate(
    () => ({ token: 'sesame.sesame.sesame', lifetimeMs: Date.now() + 60_000 }),
    1_000,
  )
  expect(error).toMatchObject({ name: 'TidemarkError' })
  expect(String((error as Error).stack) + log).not.toContain('sesame')
})
