import { AclOperationTypes } from 'kafkajs'
import {
  ConsumerManager,
  type KafkaOptions,
  type LogEntry,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { ReplayReader } from '../faults/read-replay.js'
import { until } from '../support/until.js'
import {
  allow,
  CHANGED_PASSWORD,
  type Config,
  expectNoSecret,
  forbid,
  jaasOf,
  kafka,
  oauth,
  PASSWORD,
  RECORDS,
  read,
  right,
  SESSION_MS,
  sasl,
  setAccessScene,
  tokenUntil,
  topic,
} from './access-scene.js'

setAccessScene()

/** Reads a quarter of the replay, lets something happen, and reads until it fails or is at its end. */
async function readAround(
  config: Config,
  happens: () => void | Promise<void>,
  options: StreamOptions & Partial<KafkaOptions> = {},
) {
  const log: LogEntry[] = []
  await using manager = await ConsumerManager.create({
    config: { ...config, debug: 'security,broker' },
    topics: [SourceTopic.fromEarliest(topic)],
    maxBufferedBytes: 2 ** 20,
    batchSize: 500,
    logger: (entry) => log.push(entry),
    ...options,
  })
  const reader = new ReplayReader(manager)
  await reader.readUntil(() => reader.rows.length >= RECORDS / 4)
  await happens()
  const error = await reader.readUntil(() => manager.isLive())
  expectNoSecret(log, error)
  return { ...reader.outcome(), error }
}

test('a permission that is taken away in mid-stream ends the stream', async () => {
  const outcome = await readAround(sasl('PLAIN'), () => forbid('reader', AclOperationTypes.READ))
  await allow('reader', AclOperationTypes.READ)
  expect(outcome.error).toMatchObject({
    code: 'ERR_AUTHORIZATION',
    topic,
    partition: expect.any(Number),
    offset: expect.any(BigInt),
    message: expect.stringMatching(/grant the READ and DESCRIBE permissions/),
  })
  expect(outcome.rows.length).toBeLessThan(RECORDS)
})

test('a password that is changed in mid-stream ends the stream', async () => {
  const outcome = await readAround(sasl('PLAIN'), () =>
    kafka.restart(1, jaasOf('sasl_plaintext', CHANGED_PASSWORD)),
  )
  expect(outcome.error).toMatchObject({
    code: 'ERR_AUTHENTICATION',
    topic,
    partition: expect.any(Number),
    offset: expect.any(BigInt),
    message: expect.stringMatching(/[Aa]uthentication failed.*check 'security\.protocol'/),
  })
  await kafka.restart(1, jaasOf('sasl_plaintext', PASSWORD))
  expect((await read(sasl('PLAIN'))).sha256).toBe(right.sha256)
})

test('a stream outlives its tokens when they are renewed in time', async () => {
  let calls = 0
  const oauthToken = () => {
    calls++
    return tokenUntil(Date.now() + SESSION_MS)
  }
  // Each for 80 % of a session of the broker's: over two of them.
  const outcome = await readAround(
    oauth(),
    () => until('the fourth token is asked for', () => calls >= 4),
    { oauthToken },
  )
  expect(outcome.error).toBeNull()
  expect(outcome.sha256).toBe(right.sha256)
})

const thrown = new Error('the token service is down')
const failing: [string, () => ReturnType<typeof tokenUntil>, unknown][] = [
  [
    'a token that has expired',
    () => tokenUntil(Date.now() - 30_000, Date.now() + 60_000),
    undefined,
  ],
  [
    'a callback that gives no token any more',
    () => {
      throw thrown
    },
    thrown,
  ],
]
test.each(failing)('in mid-stream %s ends the stream', async (_what, next, cause) => {
  let calls = 0
  const oauthToken = () => (++calls === 1 ? tokenUntil(Date.now() + SESSION_MS) : next())
  const events: string[] = []
  const outcome = await readAround(
    oauth(),
    () => until('the broker ends the session', () => events.includes('brokerDown')),
    { oauthToken, onEvent: ({ type }) => events.push(type) },
  )
  expect(outcome.error).toMatchObject({
    code: 'ERR_AUTHENTICATION',
    topic,
    offset: expect.any(BigInt),
  })
  expect((outcome.error as Error).cause).toBe(cause)
})
