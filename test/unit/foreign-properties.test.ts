import { native } from '../../src/native.js'
import { foreignName } from '../../src/options/foreign-properties.js'
import { checkOptions } from '../../src/options/options.js'
import { checkProperties } from '../../src/options/properties.js'
import { SourceTopic } from '../../src/topics/source-topic.js'
import { raised } from './raised.js'

const SERVERS = { 'bootstrap.servers': 'localhost:9092' }
const KNOWN = native.properties()
const inConfig = (name: string, value: unknown) => {
  const context = { isolationLevel: 'read_committed', hasOAuthToken: false, allowUnsafeConfig: [] }
  const error = raised(() => checkProperties({ ...SERVERS, [name]: value }, KNOWN, context))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).not.toContain('sesame')
  return error.message
}

test.each<[string, unknown, string]>([
  // KafkaJS
  ['brokers', ['a:1', 'b:2'], "'bootstrap.servers': 'host:9092,other:9092'"],
  ['clientId', 'x', "'client.id'"],
  ['groupId', 'x', "'group.id'"],
  ['ssl', true, "'security.protocol': 'ssl'"],
  ['ssl', { ca: ['sesame'] }, "'ssl.ca.location'"],
  ['sasl', { mechanism: 'plain', username: 'u', password: 'sesame' }, "'sasl.mechanisms'"],
  ['connectionTimeout', 1000, "'socket.connection.setup.timeout.ms'"],
  ['requestTimeout', 1000, "'socket.timeout.ms'"],
  ['retry', { retries: 3 }, "'retry.backoff.ms'"],
  ['logLevel', 4, "'log_level'"],
  ['fromBeginning', true, 'SourceTopic.fromEarliest'],
  ['maxBytes', 1, 'maxBufferedBytes'],
  // Confluent's and node-rdkafka
  ['kafkaJS', { brokers: ['a:1'] }, "'bootstrap.servers'"],
  ['event_cb', true, 'the options logger and onEvent'],
  ['js.consumer.max.batch.size', 1, 'batchSize'],
  // Platformatic
  ['bootstrapBrokers', ['a:1'], "'bootstrap.servers'"],
  ['tls', { rejectUnauthorized: false }, "'security.protocol': 'ssl'"],
  ['connectTimeout', 1, "'socket.connection.setup.timeout.ms'"],
  // Java
  ['bootstrapServers', 'a:1', "'bootstrap.servers'"],
  ['sasl.jaas.config', 'password="sesame"', "'sasl.username' and 'sasl.password'"],
  ['sasl.login.callback.handler.class', 'x', 'the option oauthToken'],
  ['ssl.truststore.location', '/jks', "'ssl.ca.location' (a PEM file)"],
  ['ssl.truststore.password', 'sesame', 'without a password'],
  ['ssl.truststore.certificates', 'x', "'ssl.ca.pem'"],
  ['ssl.keystore.type', 'JKS', 'PKCS#12'],
  ['ssl.keystore.key', 'sesame', "'ssl.key.pem'"],
  ['ssl.keystore.certificate.chain', 'x', "'ssl.certificate.pem'"],
  ['ssl.enabled.protocols', 'TLSv1.3', 'leave it out'],
  ['request.timeout.ms', 1000, "'socket.timeout.ms'"],
  ['default.api.timeout.ms', 1000, 'createTimeoutMs'],
  ['key.deserializer', 'x', 'bytes'],
  ['fetch.max.wait.ms', 5, "'fetch.wait.max.ms'"],
  // kafka-python
  ['bootstrap_servers', 'a:1', "'bootstrap.servers'"],
  ['security_protocol', 'SSL', "'security.protocol'"],
  ['sasl_mechanism', 'PLAIN', "'sasl.mechanism'"],
  ['sasl_plain_username', 'me', "'sasl.username'"],
  ['sasl_plain_password', 'sesame', "'sasl.password'"],
  ['ssl_cafile', '/ca', "'ssl.ca.location'"],
  ['ssl_certfile', '/c', "'ssl.certificate.location'"],
  ['ssl_keyfile', '/k', "'ssl.key.location'"],
  // Node's TLS
  ['ca', 'x', "'ssl.ca.location'"],
  ['cert', 'x', "'ssl.certificate.location'"],
  ['key', 'sesame', "'ssl.key.location'"],
  ['passphrase', 'sesame', "'ssl.key.password'"],
])('%s: %p is told as what it is here', (name, value, right) => {
  expect(inConfig(name, value)).toContain(right)
})

test('no property that a consumer may have is taken for one of others', () => {
  const usable = KNOWN.filter(({ scope }) => scope !== 'producer').map(({ name }) => name)
  expect(usable.length).toBeGreaterThan(100)
  expect(usable.filter((name) => foreignName(name) !== undefined)).toEqual([])
})

test.each([
  ['brokers', ['a:1'], "'bootstrap.servers': 'host:9092,other:9092'"],
  ['bootstrap.servers', 'a:1', "; in config it is 'bootstrap.servers'"],
  ['clientId', 'x', "; in config it is 'client.id'"],
  ['ssl', true, "; set 'security.protocol': 'ssl'"],
  ['fromBeginning', true, 'SourceTopic.fromEarliest(name)'],
])('%s beside the options belongs into config', (name, value, right) => {
  const options = { config: SERVERS, topics: [SourceTopic.fromEarliest('t')], [name]: value }
  const error = raised(() => checkOptions(options, native))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).toContain(right)
})
