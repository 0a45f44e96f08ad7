import { AclOperationTypes } from 'kafkajs'
import type { KafkaOptions, LogEntry, StreamOptions } from '../../src/index.js'
import {
  allow,
  type Config,
  certificates,
  expectNoSecret,
  kafka,
  oauth,
  PASSWORD,
  read,
  right,
  sasl,
  servers,
  setAccessScene,
  tls,
  tokenUntil,
  WRONG_PASSWORD,
} from './access-scene.js'

setAccessScene()

describe('a replay without a fault', () => {
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
  async function expectAll(config: Config, options: StreamOptions & Partial<KafkaOptions> = {}) {
    const log: LogEntry[] = []
    const outcome = await read(
      { ...config, debug: 'all' },
      { ...options, logger: (entry) => log.push(entry) },
    )
    expect(outcome.error).toBeNull()
    expect(outcome.sha256).toBe(right.sha256)
    expectNoSecret(log, outcome.error)
  }

  test.each(secured)('is the same over %s', (_what, config) => expectAll(config()))

  test('is the same over OAUTHBEARER', () =>
    expectAll(oauth(), { oauthToken: () => tokenUntil(Date.now() + 60_000) }))
})

describe('create', () => {
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
  test.each(wrong)('is refused with %s, and shows no secret', async (_what, config, code, says) => {
    const log: LogEntry[] = []
    const error = await read(
      { ...config(), debug: 'all' },
      { logger: (entry) => log.push(entry) },
    ).catch((error: unknown) => error)
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) })
    expectNoSecret(log, error)
  })

  test('says that a TLS port wants TLS', async () => {
    await expect(read(servers('SSL'))).rejects.toMatchObject({
      code: 'ERR_AUTHENTICATION',
      message: expect.stringMatching(/speaks TLS on this port: set security\.protocol to ssl/),
    })
  })

  test('says that a port may not speak TLS, within createTimeoutMs', async () => {
    const config = { ...tls(), ...servers('PLAINTEXT') }
    await expect(read(config, { createTimeoutMs: 3_000 })).rejects.toMatchObject({
      code: 'ERR_CREATE_TIMEOUT',
      message: expect.stringMatching(/connecting to a PLAINTEXT broker listener\?/),
    })
  })
})
