import { simplified } from '../suggestion.js'

interface ForeignNames {
  /** As other clients spell them: KafkaJS, node-rdkafka, Platformatic, Java's, kafka-python. */
  names: string[]
  /** What to write instead: ends 'config: librdkafka has no property …; '. */
  instead: string
}

const SERVERS = "give 'bootstrap.servers': 'host:9092,other:9092', one string with commas between"
const CA = "give 'ssl.ca.location' (a PEM file) or 'ssl.ca.pem' (its text)"
const CERTIFICATE =
  "give 'ssl.certificate.location' (a PEM file) or 'ssl.certificate.pem' (its text)"
const KEY = "give 'ssl.key.location' (a PEM file) or 'ssl.key.pem' (its text)"
const CREDENTIALS =
  "set 'security.protocol': 'sasl_ssl', 'sasl.mechanisms', 'sasl.username' and 'sasl.password'"
const BY_OPENSSL = "OpenSSL chooses; leave it out, or see 'ssl.cipher.suites' and 'ssl.curves.list'"
const START = 'a SourceTopic says where to start, as SourceTopic.fromEarliest(name)'
const BYTES = 'keys and values are bytes, which you decode; leave it out'
const NO_COMMITS = 'tidemark keeps offsets itself and commits none; leave it out'
const BUDGET = 'use the option maxBufferedBytes'

/** Only names that librdkafka does not know, or does not know of a consumer. */
const FOREIGN: ForeignNames[] = [
  {
    names: ['brokers', 'bootstrapBrokers', 'servers', 'kafkaHost', 'broker.list'],
    instead: SERVERS,
  },
  {
    names: ['ssl', 'tls', 'use.ssl', 'security'],
    instead:
      "set 'security.protocol': 'ssl' (with SASL 'sasl_ssl'), and where they are needed " +
      "'ssl.ca.location', 'ssl.certificate.location' and 'ssl.key.location' (files) or the same " +
      "with '.pem' at their end (texts)",
  },
  { names: ['sasl', 'authentication', 'sasl.jaas.config'], instead: CREDENTIALS },
  { names: ['mechanism'], instead: "give 'sasl.mechanisms'" },
  { names: ['username', 'user', 'sasl.plain.username'], instead: "give 'sasl.username'" },
  { names: ['password', 'sasl.plain.password'], instead: "give 'sasl.password'" },
  {
    names: [
      'oauthBearerProvider',
      'sasl.oauth.token.provider',
      'sasl.login.callback.handler.class',
      'sasl.client.callback.handler.class',
      'sasl.login.class',
    ],
    instead: "set 'sasl.mechanisms': 'OAUTHBEARER', and use the option oauthToken",
  },
  { names: ['ca', 'ssl.cafile', 'ssl.truststore.certificates'], instead: CA },
  {
    names: ['ssl.truststore.location'],
    instead: `${CA}; of a JKS or PKCS#12 store keytool -exportcert -rfc writes one`,
  },
  {
    names: ['ssl.truststore.password', 'ssl.truststore.type'],
    instead: 'a CA is given as PEM, without a password: leave it out',
  },
  { names: ['cert', 'ssl.certfile', 'ssl.keystore.certificate.chain'], instead: CERTIFICATE },
  { names: ['key', 'ssl.keyfile', 'ssl.keystore.key'], instead: KEY },
  { names: ['passphrase'], instead: "give 'ssl.key.password'" },
  {
    names: ['ssl.keystore.type'],
    instead: "'ssl.keystore.location' is always PKCS#12; leave it out",
  },
  {
    names: ['rejectUnauthorized'],
    instead: 'certificates are verified: give their authority as ssl.ca.location; leave it out',
  },
  {
    names: ['ssl.check.hostname', 'checkServerIdentity', 'servername'],
    instead: 'the name in the certificate is always compared; leave it out',
  },
  {
    names: [
      'ssl.protocol',
      'ssl.enabled.protocols',
      'ssl.provider',
      'ssl.keymanager.algorithm',
      'ssl.trustmanager.algorithm',
      'ssl.secure.random.implementation',
      'ssl.engine.factory.class',
    ],
    instead: BY_OPENSSL,
  },
  {
    names: ['kafkaJS'],
    instead: "give librdkafka's properties themselves, as 'bootstrap.servers', beside each other",
  },
  { names: ['topic', 'topics'], instead: 'use the option topics' },
  { names: ['fromBeginning', 'from.timestamp'], instead: START },
  {
    names: ['connectionTimeout', 'connectTimeout', 'socket.connection.setup.timeout.max.ms'],
    instead: "give 'socket.connection.setup.timeout.ms'",
  },
  { names: ['requestTimeout', 'request.timeout.ms'], instead: "give 'socket.timeout.ms'" },
  {
    names: ['default.api.timeout.ms', 'api.version.auto.timeout.ms'],
    instead: 'use the options createTimeoutMs and closeTimeoutMs',
  },
  {
    names: ['retry', 'retries', 'retryDelay', 'maxRetryTime', 'initialRetryTime'],
    instead:
      "tidemark tries again by itself; see 'retry.backoff.ms', 'reconnect.backoff.max.ms' and the " +
      'option stallTimeoutMs',
  },
  { names: ['receive.buffer.bytes'], instead: "give 'socket.receive.buffer.bytes'" },
  { names: ['send.buffer.bytes'], instead: "give 'socket.send.buffer.bytes'" },
  { names: ['metadataMaxAge', 'metadata.max.age'], instead: "give 'metadata.max.age.ms'" },
  {
    names: ['maxBytes', 'maxBytesPerPartition', 'minBytes', 'highWaterMark'],
    instead: BUDGET,
  },
  {
    names: ['fetch.max.wait.ms', 'maxWaitTimeInMs', 'maxWaitTime'],
    instead: "librdkafka's name for it is 'fetch.wait.max.ms'",
  },
  {
    names: ['js.consumer.max.batch.size', 'js.consumer.max.messages.per.callback'],
    instead: 'use the option batchSize',
  },
  { names: ['logCreator', 'logger'], instead: 'use the option logger' },
  { names: ['event_cb'], instead: 'use the options logger and onEvent' },
  {
    names: ['autoCommit', 'autoCommitInterval', 'autoCommitThreshold'],
    instead: NO_COMMITS,
  },
  {
    names: [
      'key.deserializer',
      'value.deserializer',
      'deserializers',
      'key.serializer',
      'value.serializer',
    ],
    instead: BYTES,
  },
  {
    names: ['zookeeper.connect', 'zookeeper'],
    instead: `the brokers are asked, not ZooKeeper: ${SERVERS}`,
  },
  {
    names: ['interceptor.classes', 'metric.reporters', 'exclude.internal.topics'],
    instead: 'it is of another client; leave it out',
  },
]

const INSTEAD = new Map(
  FOREIGN.flatMap(({ names, instead }) =>
    names.map((name) => [simplified(name), instead] as const),
  ),
)

/** `; give 'x'` where another client has a property of this name, however it is written. */
export function foreignName(name: string): string | undefined {
  const instead = INSTEAD.get(simplified(name))
  return instead === undefined ? undefined : `; ${instead}`
}
