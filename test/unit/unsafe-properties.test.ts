import { native } from '../../src/native.js'
import { checkOptions } from '../../src/options/options.js'
import { checkProducerOptions } from '../../src/testing/producer-options.js'
import { SourceTopic } from '../../src/topics/source-topic.js'
import { raised } from './raised.js'

const SERVERS = { 'bootstrap.servers': 'localhost:9092', 'security.protocol': 'sasl_ssl' }

const consumer = (config: object, allowUnsafeConfig?: unknown) =>
  checkOptions(
    {
      config: { ...SERVERS, ...config },
      topics: [SourceTopic.fromEarliest('t')],
      allowUnsafeConfig,
    },
    native,
  ).native.sources[0]?.config ?? {}
const producer = (config: object, allowUnsafeConfig?: unknown) =>
  checkProducerOptions(
    { config: { ...SERVERS, ...config }, allowUnsafeConfig },
    native.properties(),
  ).config

const UNSAFE: [string, unknown][] = [
  ['sasl.kerberos.kinit.cmd', 'touch /tmp/owned'],
  ['sasl.kerberos.principal', 'me; touch /tmp/owned'],
  ['sasl.kerberos.keytab', '/key" || touch /tmp/owned; "'],
  ['sasl.kerberos.service.name', '$(touch /tmp/owned)'],
  ['plugin.library.paths', '/tmp/evil.so'],
  ['ssl.engine.location', '/tmp/evil.so'],
  ['ssl.engine.id', 'dynamic'],
  ['ssl.providers', 'evil'],
  ['enable.ssl.certificate.verification', false],
  ['enable.ssl.certificate.verification', 'false'],
  ['enable.ssl.certificate.verification', 'F'],
  ['enable.ssl.certificate.verification', 0],
  ['ssl.endpoint.identification.algorithm', 'none'],
  ['ssl.endpoint.identification.algorithm', ' None '],
  ['ssl.endpoint.identification.algorithm', 0],
  ['ssl.cipher.suites', 'HIGH:eNULL'],
  ['ssl.cipher.suites', 'ADH-AES256-SHA'],
  ['ssl.cipher.suites', 'DEFAULT:@SECLEVEL=0'],
]

describe.each([
  ['ConsumerManager', consumer],
  ['Producer', producer],
])('%s', (_, check) => {
  test.each(UNSAFE)('refuses %s = %p unless it is named', (name, value) => {
    const error = raised(() => check({ [name]: value }))
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.message).toContain(`'${name}'`)
    expect(error.message).toContain(`allowUnsafeConfig: ['${name}']`)
    expect(error.message).not.toContain('owned')
    expect(check({ [name]: value }, [name])[name]).toBe(String(value))
    const other = name === 'ssl.providers' ? 'ssl.engine.id' : 'ssl.providers'
    expect(raised(() => check({ [name]: value }, [other])).code).toBe('ERR_INVALID_OPTION')
  })

  test.each([
    ['sasl.kerberos.principal', 'kafka/host.example@REALM'],
    ['plugin.library.paths', ''],
    ['enable.ssl.certificate.verification', true],
    ['enable.ssl.certificate.verification', 'T'],
    ['ssl.endpoint.identification.algorithm', 'HTTPS'],
    ['ssl.cipher.suites', 'DEFAULT:!aNULL:!eNULL:-ADH'],
  ])('takes %s = %p', (name, value) => {
    expect(check({ [name]: value })[name]).toBe(String(value))
  })

  test.each([
    ['ssl.provider', "did you mean 'ssl.providers'?"],
    ['sasl.password', 'no property that needs to be allowed'],
    ['toString', 'no property that needs to be allowed'],
  ])('allowUnsafeConfig does not take %s', (name, said) => {
    const error = raised(() => check({}, [name]))
    expect(error.code).toBe('ERR_INVALID_OPTION')
    expect(error.message).toContain(said)
  })

  test('allowUnsafeConfig may name what is left out', () => {
    expect(check({}, ['ssl.providers'])).toEqual(SERVERS)
  })
})

test('only a producer takes tokens that nobody signed, and has to be told', () => {
  const config = { 'enable.sasl.oauthbearer.unsecure.jwt': true }
  const name = 'enable.sasl.oauthbearer.unsecure.jwt'
  expect(raised(() => producer(config)).message).toContain('allowUnsafeConfig')
  expect(producer(config, [name])[name]).toBe('true')
  expect(raised(() => consumer(config, [name])).message).toContain('use the option oauthToken')
})
