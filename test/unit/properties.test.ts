import { native } from '../../src/native.js'
import { OWNED } from '../../src/options/owned-properties.js'
import { checkProperties, maskSecrets, type PropertyContext } from '../../src/options/properties.js'
import { raised } from './raised.js'

const SERVERS = { 'bootstrap.servers': 'localhost:9092' }
const CONTEXT: PropertyContext = {
  isolationLevel: 'read_committed',
  hasOAuthToken: false,
  allowUnsafeConfig: [],
}

const check = (config: unknown, context: Partial<PropertyContext> = {}) =>
  checkProperties(config, native.properties(), { ...CONTEXT, ...context })
const refused = (config: unknown, context: Partial<PropertyContext> = {}) => {
  const error = raised(() => check(config, context))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  return error.message
}

test('config comes out as strings', () => {
  const config = { ...SERVERS, log_level: 3, 'socket.keepalive.enable': true, 'client.id': '' }
  expect(check(config)).toEqual({
    ...SERVERS,
    log_level: '3',
    'socket.keepalive.enable': 'true',
    'client.id': '',
  })
})

test.each(['bootstrap.servers', 'metadata.broker.list'])(
  'config takes the servers as %s',
  (name) => {
    expect(check({ [name]: 'a:1,b:2' })).toEqual({ [name]: 'a:1,b:2' })
  },
)

test.each([{}, { 'bootstrap.servers': '' }, { 'bootstrap.servers': '  ' }, { 'client.id': 'x' }])(
  'config needs servers: %p',
  (config) => {
    expect(refused(config)).toContain("'bootstrap.servers' is missing")
  },
)

test('config says how a list is written', () => {
  expect(refused({ 'bootstrap.servers': ['a:1', 'b:2'] })).toContain("strings with ','")
})

test.each([undefined, null, 'localhost:9092', 5, ['localhost:9092']])(
  '%p is refused as config',
  (config) => {
    expect(refused(config)).toMatch(/config must be an object .*, not /)
  },
)

test.each([
  ['bootstrapservers', 'bootstrap.servers'],
  ['sasl.user.name', 'sasl.username'],
  ['ssl.ca.locations', 'ssl.ca.location'],
  ['security.protocols', 'security.protocol'],
  ['clientId', 'client.id'],
])('config says what a misspelt property was to be: %s', (name, meant) => {
  expect(refused({ ...SERVERS, [name]: 'x' })).toContain(`did you mean '${meant}'?`)
})

test.each(['toString', '__proto__', 'constructor', 'zzzzzzzzz', ''])(
  'config refuses %p',
  (name) => {
    expect(refused({ ...SERVERS, [`${name}`]: 'x' })).toContain(`no property '${name}'`)
  },
)

test.each([Object.create(null), { toString: () => 'true' }, null])(
  'config refuses an object for a property of its own: %p',
  (value) => {
    expect(refused({ ...SERVERS, 'check.crcs': value })).toContain("'check.crcs' cannot be set")
  },
)

test('config refuses properties of producers', () => {
  expect(refused({ ...SERVERS, 'linger.ms': 5 })).toContain('only reads')
})

test('config takes group.id, which changes nothing', () => {
  expect(check({ ...SERVERS, 'group.id': 'g' })).toMatchObject({ 'group.id': 'g' })
})

test.each([
  ['enable.auto.commit', true, 'commits none'],
  ['enable.auto.offset.store', true, 'commits none'],
  ['auto.commit.interval.ms', 1, 'commits none'],
  ['auto.offset.reset', 'earliest', 'SourceTopic'],
  ['enable.partition.eof', false, 'isLive'],
  ['check.crcs', false, 'always checked'],
  ['isolation.level', 'read_uncommitted', 'the option isolationLevel'],
  ['allow.auto.create.topics', true, 'beforehand'],
  ['queued.min.messages', 1, 'maxBufferedBytes'],
  ['queued.max.messages.kbytes', 1, 'maxBufferedBytes'],
  ['fetch.message.max.bytes', 1, 'maxBufferedBytes'],
  ['max.partition.fetch.bytes', 1, 'maxBufferedBytes'],
  ['fetch.max.bytes', 1, 'maxBufferedBytes'],
  ['fetch.min.bytes', 2, 'live'],
  ['fetch.queue.backoff.ms', 2, 'leave it out'],
  ['fetch.error.backoff.ms', 2, 'leave it out'],
  ['consume.record.batches', false, 'leave it out'],
  ['max.poll.records', 500, 'batchSize'],
  ['topic.blacklist', '^trades$', 'the option topics'],
  ['partition.assignment.strategy', 'range', 'without a consumer group'],
  ['session.timeout.ms', 1, 'without a consumer group'],
  ['statistics.interval.ms', 1000, 'partitionState()'],
  ['log_cb', () => {}, 'the option logger'],
  ['oauthbearer_token_refresh_cb', () => {}, 'the option oauthToken'],
  ['rebalance_cb', true, 'callback'],
])('config refuses %s: %p and says what to use', (name, value, instead) => {
  const message = refused({ ...SERVERS, [name]: value })
  expect(message).toContain(`'${name}' cannot be set`)
  expect(message).toContain(instead)
})

test.each([10, '2000', 300_000])('takes %p as fetch.wait.max.ms', (ms) => {
  expect(check({ ...SERVERS, 'fetch.wait.max.ms': ms })['fetch.wait.max.ms']).toBe(String(ms))
})

test.each([0, 9, -1, 300_001, 10.5, '1e3', '', true])('refuses %p as fetch.wait.max.ms', (ms) => {
  expect(refused({ ...SERVERS, 'fetch.wait.max.ms': ms })).toMatch(/must be 10 to 300000: /)
})

test.each([
  ['enable.auto.commit', false],
  ['enable.auto.commit', 'false'],
  ['enable.auto.offset.store', false],
  ['auto.offset.reset', 'error'],
  ['enable.partition.eof', true],
  ['check.crcs', true],
  ['allow.auto.create.topics', false],
  ['fetch.min.bytes', 1],
  ['statistics.interval.ms', 0],
  ['isolation.level', 'read_committed'],
])('config takes %s: %p, which is what tidemark does', (name, value) => {
  expect(check({ ...SERVERS, [name]: value })[name]).toBe(String(value))
})

test('isolation.level follows the option', () => {
  const config = { ...SERVERS, 'isolation.level': 'read_uncommitted' }
  expect(check(config, { isolationLevel: 'read_uncommitted' })).toEqual(config)
})

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [{}, 'an object'],
  [['x'], 'an array'],
  [5n, 'a bigint'],
  [Buffer.from('sesame'), 'an instance of Buffer'],
])('config refuses %p as a value', (value, said) => {
  const message = refused({ ...SERVERS, 'client.id': value })
  expect(message).toContain(`'client.id' must be a string, a finite number or a boolean`)
  expect(message).toContain(said)
})

test.each([
  { 'sasl.pasword': 'sesame' },
  { 'sasl.password': ['sesame'] },
  { 'ssl.key.password': Buffer.from('sesame') },
  { acks: 'sesame' },
  { 'enable.auto.commit': 'sesame' },
])('config never quotes a value: %p', (config) => {
  expect(refused({ ...SERVERS, ...config })).not.toMatch(/sesame|115,101/)
})

describe('OAUTHBEARER and oauthToken', () => {
  test.each(['sasl.mechanisms', 'sasl.mechanism'])('go together, set by %s', (name) => {
    const config = { ...SERVERS, 'security.protocol': 'SASL_SSL', [name]: 'OAUTHBEARER' }
    expect(refused(config)).toContain('give the option oauthToken')
    expect(check(config, { hasOAuthToken: true })).toEqual(config)
    expect(refused(SERVERS, { hasOAuthToken: true })).toContain('never called')
    const ssl = { ...SERVERS, 'security.protocol': 'ssl' }
    expect(refused(ssl, { hasOAuthToken: true })).toContain("'sasl_ssl' or 'sasl_plaintext'")
    expect(refused({ ...ssl, [name]: 'OAUTHBEARER' }, { hasOAuthToken: true })).toContain(
      "set 'security.protocol': 'sasl_ssl'",
    )
  })
})

test('secrets in config are masked, and nothing else', () => {
  const shown = { ...SERVERS, 'sasl.username': 'me', 'ssl.key.location': '/key', 'client.id': 'x' }
  const secrets = [
    'sasl.password',
    'ssl.key.password',
    'ssl.keystore.password',
    'ssl.key.pem',
    'ssl_key',
    'sasl.oauthbearer.config',
    'sasl.oauthbearer.client.secret',
    'sasl.oauthbearer.client.credentials.client.secret',
    'sasl.oauthbearer.assertion.private.key.passphrase',
    'sasl.oauthbearer.assertion.private.key.pem',
  ]
  const masked = maskSecrets({
    ...shown,
    ...Object.fromEntries(secrets.map((name) => [name, 's'])),
  })
  expect(masked).toEqual({
    ...shown,
    ...Object.fromEntries(secrets.map((name) => [name, '[secret]'])),
  })
})

const ISOLATION_LEVELS = ['read_committed', 'read_uncommitted'] as const

describe.each(ISOLATION_LEVELS)(
  'the properties that the engine sets, with %s',
  (isolationLevel) => {
    const own = native.ownProperties(isolationLevel === 'read_committed')

    test.each(Object.entries(own))('%s is refused unless it is %s', (name, value) => {
      const context = { isolationLevel }
      const other = value === 'true' ? 'false' : `${value}0`
      expect(refused({ ...SERVERS, [name]: other }, context)).toContain(`'${name}' cannot be set`)
    })

    test('isolation.level is accepted as the option has it', () => {
      const config = { ...SERVERS, 'isolation.level': own['isolation.level'] }
      expect(check(config, { isolationLevel })).toEqual(config)
    })
  },
)

// Its old name. librdkafka would warn of it if the engine set it too.
const LEGACY = new Map([['auto.commit.enable', 'enable.auto.commit']])

test('a value that is accepted of the properties of the engine is the one that it sets', () => {
  const own = native.ownProperties(true)
  for (const { names, value } of OWNED) {
    if (value === undefined) continue
    for (const name of names) {
      expect(`${name}=${own[LEGACY.get(name) ?? name]}`).toBe(`${name}=${value}`)
    }
  }
})
