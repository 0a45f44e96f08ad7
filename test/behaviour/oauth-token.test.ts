import {
  ConsumerManager,
  type LogEntry,
  type OAuthTokenProvider,
  SourceTopic,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { listenInSilence } from '../support/silent-server.js'

let cluster: MockCluster
beforeEach(() => {
  cluster = MockCluster.start()
  cluster.createTopic('t')
})
afterEach(() => cluster.close())

/** The mock cluster knows no SASL: a client that authenticates never gets through. */
async function tryToCreate(
  oauthToken: OAuthTokenProvider,
  createTimeoutMs: number,
  bootstrapServers = cluster.bootstrapServers,
) {
  const log: LogEntry[] = []
  const error = await ConsumerManager.create({
    config: {
      'bootstrap.servers': bootstrapServers,
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanisms': 'OAUTHBEARER',
    },
    topics: [SourceTopic.fromEarliest('t')],
    oauthToken,
    createTimeoutMs,
    logger: (entry) => log.push(entry),
  }).catch((error: unknown) => error)
  return { error, log: log.map(({ message }) => message).join('\n') }
}

test('is asked for, and asked for again before it ends', async () => {
  await using silent = await listenInSilence()
  let calls = 0
  const oauthToken = async () => {
    calls++
    return { token: 'a.b.c', lifetimeMs: Date.now() + 1_500, principal: 'reader' }
  }
  await tryToCreate(oauthToken, 13_000, silent.address)
  expect(calls).toBeGreaterThanOrEqual(3)
})

test('a callback that fails is tried again, and create says why it could not connect', async () => {
  let calls = 0
  const cause = new RangeError('the token service is down')
  const { error, log } = await tryToCreate(() => {
    calls++
    throw cause
  }, 3_000)
  expect(calls).toBeGreaterThanOrEqual(1)
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
