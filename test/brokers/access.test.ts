import { inspect } from 'node:util'
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs'
import {
  ConsumerManager,
  type ConsumerManagerOptions,
  type LogEntry,
  SourceTopic,
} from '../../src/index.js'
import { BOUND_MS, type Outcome, ReplayReader, readReplay } from '../faults/read-replay.js'
import { ApacheKafka } from '../support/apache-kafka.js'
import { Certificates } from '../support/certificates.js'
import { KafkaCluster } from '../support/cluster.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

type Config = NonNullable<ConsumerManagerOptions['config']>

const PASSWORD = 'sesame-of-reader'
const CHANGED_PASSWORD = 'sesame-of-another'
const WRONG_PASSWORD = 'sesame-is-wrong'
const RECORDS = 6_000
/** So long a broker believes a token, at most. */
const SESSION_MS = 3_000
/** Of which nothing may be seen anywhere. */
const SECRETS = /sesame|eyJ/

const PLAIN_MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
const SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
const OAUTH_MODULE =
  'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required ' +
  'unsecuredLoginStringClaim_sub="broker";'

const jaasOf = (listener: string, readersPassword: string) => ({
  [`listener.name.${listener}.plain.sasl.jaas.config`]: `${PLAIN_MODULE} user_reader="${readersPassword}" user_stranger="${PASSWORD}";`,
})

let certificates: Certificates
let kafka: ApacheKafka
let cluster: KafkaCluster
let topic: string
let right: Outcome
beforeAll(async () => {
  certificates = await Certificates.create()
  const mechanisms = ['sasl_plaintext', 'sasl_ssl'].flatMap((listener) => [
    [`listener.name.${listener}.sasl.enabled.mechanisms`, 'PLAIN,SCRAM-SHA-256,OAUTHBEARER'],
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, SCRAM_MODULE],
    [`listener.name.${listener}.oauthbearer.sasl.jaas.config`, OAUTH_MODULE],
    [`listener.name.${listener}.oauthbearer.connections.max.reauth.ms`, SESSION_MS],
    ...Object.entries(jaasOf(listener, PASSWORD)),
  ])
  kafka = await ApacheKafka.start({
    listeners: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
    properties: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': certificates.keystore,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      ...Object.fromEntries(mechanisms),
    },
    format: ['--add-scram', `SCRAM-SHA-256=[name=reader,password=${PASSWORD}]`],
  })
  cluster = new KafkaCluster(kafka.bootstrapServers('PLAINTEXT'))
  topic = await cluster.createTopic('t', 2)
  await writeLog(
    { ...cluster.config, 'batch.num.messages': 50 },
    Array.from({ length: RECORDS }, (_, i) => ({
      topic,
      partition: i % 2,
      timestamp: 1_700_000_000_000 + i,
      value: Buffer.alloc(1_000, i),
    })),
  )
  await allow('reader', AclOperationTypes.READ)
  right = await read(cluster.config)
  expect(right.rows).toHaveLength(RECORDS)
}, 300_000)
afterAll(async () => {
  await cluster?.close()
  await kafka?.close()
  await certificates?.[Symbol.asyncDispose]()
})

/** Fails the test where what was said shows a secret. */
function expectNoSecret(log: LogEntry[], error: unknown): void {
  expect(log.length).toBeGreaterThan(10)
  const seen = [String((error as Error | null)?.stack), ...log.map((entry) => inspect(entry))]
  expect(seen.join('\n')).not.toMatch(SECRETS)
}

const read = (config: Config, options: Partial<ConsumerManagerOptions> = {}) =>
  readReplay(cluster, { ...options, topics: [SourceTopic.fromEarliest(topic)], config })

const aclOf = (user: string) => ({
  resourceType: AclResourceTypes.TOPIC,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: `User:${user}`,
  host: '*',
  permissionType: AclPermissionTypes.ALLOW,
})

/** READ and what implies it: whoever may read may describe. */
async function allow(user: string, operation: AclOperationTypes): Promise<void> {
  const admin = await cluster.admin()
  await admin.createAcls({ acl: [{ ...aclOf(user), resourceName: topic, operation }] })
}

async function forbid(user: string, operation: AclOperationTypes): Promise<void> {
  const admin = await cluster.admin()
  await admin.deleteAcls({ filters: [{ ...aclOf(user), resourceName: topic, operation }] })
}

const servers = (listener: string) => ({ 'bootstrap.servers': kafka.bootstrapServers(listener) })
const tls = (): Config => ({
  ...servers('SSL'),
  'security.protocol': 'ssl',
  'ssl.ca.location': certificates.authority,
})
const sasl = (mechanism: string, password = PASSWORD, username = 'reader'): Config => ({
  ...servers('SASL_PLAINTEXT'),
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanisms': mechanism,
  'sasl.username': username,
  'sasl.password': password,
})
const oauth = (): Config => ({
  ...servers('SASL_PLAINTEXT'),
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanisms': 'OAUTHBEARER',
})

/** An unsigned one, as Kafka takes it where nothing else is set. */
function tokenUntil(expiryMs: number, lifetimeMs = expiryMs) {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
  const claims = { sub: 'reader', iat: Date.now() / 1e3 - 60, exp: expiryMs / 1e3 }
  return { token: `${part({ alg: 'none' })}.${part(claims)}.`, lifetimeMs, principal: 'reader' }
}

describe('the replay is the same over', () => {
  const secured: [string, () => Config][] = [
    ['TLS', tls],
    ['SASL PLAIN', () => sasl('PLAIN')],
    ['SASL SCRAM', () => sasl('SCRAM-SHA-256')],
    [
      'TLS and SASL SCRAM',
      () => ({
        ...tls(),
        ...sasl('SCRAM-SHA-256'),
        ...servers('SASL_SSL'),
        'security.protocol': 'sasl_ssl',
      }),
    ],
  ]
  beforeAll(() => allow('ANONYMOUS', AclOperationTypes.READ))
  /** Also says nothing secret, however much librdkafka is to say. */
  async function expectAll(config: Config, options: Partial<ConsumerManagerOptions> = {}) {
    const log: LogEntry[] = []
    const outcome = await read(
      { ...config, debug: 'all' },
      { ...options, logger: (entry) => log.push(entry) },
    )
    expect(outcome.error).toBeNull()
    expect(outcome.sha256).toBe(right.sha256)
    expectNoSecret(log, outcome.error)
  }

  test.each(secured)('%s', (_what, config) => expectAll(config()))

  test('OAUTHBEARER', () =>
    expectAll(oauth(), { oauthToken: () => tokenUntil(Date.now() + 60_000) }))
})

describe('creation is refused', () => {
  const wrong: [string, () => Config, string, RegExp][] = [
    [
      'a wrong password, PLAIN',
      () => sasl('PLAIN', WRONG_PASSWORD),
      'ERR_AUTHENTICATION',
      /[Aa]uthentication failed.*check 'security\.protocol', the 'sasl/,
    ],
    [
      'a wrong password, SCRAM',
      () => sasl('SCRAM-SHA-256', WRONG_PASSWORD),
      'ERR_AUTHENTICATION',
      /[Aa]uthentication failed.*check 'security\.protocol', the 'sasl/,
    ],
    [
      'an unknown user',
      () => sasl('SCRAM-SHA-256', PASSWORD, 'nobody'),
      'ERR_AUTHENTICATION',
      /check 'security\.protocol', the 'sasl/,
    ],
    [
      'a mechanism that the broker does not have',
      () => sasl('SCRAM-SHA-512'),
      'ERR_AUTHENTICATION',
      /SCRAM-SHA-512.*PLAIN,SCRAM-SHA-256/,
    ],
    [
      'a wrong CA',
      () => ({ ...tls(), 'ssl.ca.location': certificates.otherAuthority }),
      'ERR_AUTHENTICATION',
      /certificate.*ssl\.ca\.location/s,
    ],
    [
      'a wrong host name',
      () => ({
        ...tls(),
        'bootstrap.servers': kafka.bootstrapServers('SSL').replace('127.0.0.1', 'localhost'),
      }),
      'ERR_AUTHENTICATION',
      /certificate/,
    ],
    [
      'a user without permission',
      () => sasl('PLAIN', PASSWORD, 'stranger'),
      'ERR_AUTHORIZATION',
      /grant the READ and DESCRIBE permissions/,
    ],
  ]
  test.each(wrong)('%s', async (_what, config, code, says) => {
    const log: LogEntry[] = []
    const started = performance.now()
    const error = await read(
      { ...config(), debug: 'all' },
      { logger: (entry) => log.push(entry) },
    ).catch((error: unknown) => error)
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) })
    expect(performance.now() - started).toBeLessThan(BOUND_MS)
    expectNoSecret(log, error)
  })

  test('a plain connection to a TLS port', async () => {
    await expect(read(servers('SSL'))).rejects.toMatchObject({
      code: 'ERR_AUTHENTICATION',
      message: expect.stringMatching(/speaks TLS on this port: set security\.protocol to ssl/),
    })
  })

  test('a TLS connection to a plain port, within createTimeoutMs', async () => {
    const config = { ...tls(), ...servers('PLAINTEXT') }
    await expect(read(config, { createTimeoutMs: 3_000 })).rejects.toMatchObject({
      code: 'ERR_CREATE_TIMEOUT',
      message: expect.stringMatching(/connecting to a PLAINTEXT broker listener\?/),
    })
  })
})

describe('in mid-stream', () => {
  /** Reads a quarter of the replay, lets something happen, and reads until it fails or is at its end. */
  async function readAround(
    config: Config,
    happens: () => void | Promise<void>,
    options: Partial<ConsumerManagerOptions> = {},
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
    const started = performance.now()
    const error = await reader.readUntil(() => manager.isLive())
    expect(performance.now() - started).toBeLessThan(BOUND_MS)
    expectNoSecret(log, error)
    return { ...reader.outcome(), error }
  }

  test('a permission that is taken away', async () => {
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

  test('a password that is changed', async () => {
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
  }, 120_000)

  test('tokens that are renewed in time', async () => {
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
  test.each(failing)('%s', async (_what, next, cause) => {
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
})
