import { inspect } from 'node:util'
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs'
import {
  type KafkaOptions,
  type LogEntry,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { type Outcome, readReplay } from '../faults/read-replay.js'
import { ApacheKafka } from '../support/apache-kafka.js'
import { Certificates } from '../support/certificates.js'
import { KafkaCluster } from '../support/cluster.js'
import { writeLog } from '../support/write-log.js'

export type Config = KafkaOptions['config']

export const PASSWORD = 'sesame-of-reader'
export const CHANGED_PASSWORD = 'sesame-of-another'
export const WRONG_PASSWORD = 'sesame-is-wrong'
export const RECORDS = 6_000
/** So long a broker believes a token, at most. */
export const SESSION_MS = 3_000
/** Of which nothing may be seen anywhere. */
const SECRETS = /sesame|eyJ/

const PLAIN_MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
const SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
const OAUTH_MODULE =
  'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required ' +
  'unsecuredLoginStringClaim_sub="broker";'

export const jaasOf = (listener: string, readersPassword: string) => ({
  [`listener.name.${listener}.plain.sasl.jaas.config`]: `${PLAIN_MODULE} user_reader="${readersPassword}" user_stranger="${PASSWORD}";`,
})

export let certificates: Certificates
export let kafka: ApacheKafka
let cluster: KafkaCluster
export let topic: string
/** The replay, read without any security. */
export let right: Outcome

/** A Kafka with TLS and SASL, for all tests of a file, and a topic in it that 'reader' may read. */
export function setAccessScene(): void {
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
}

/** Fails the test where what was said shows a secret. */
export function expectNoSecret(log: LogEntry[], error: unknown): void {
  expect(log.length).toBeGreaterThan(10)
  const seen = [String((error as Error | null)?.stack), ...log.map((entry) => inspect(entry))]
  expect(seen.join('\n')).not.toMatch(SECRETS)
}

export const read = (config: Config, options: StreamOptions & Partial<KafkaOptions> = {}) =>
  readReplay(cluster, { ...options, topics: [SourceTopic.fromEarliest(topic)], config })

const aclOf = (user: string) => ({
  resourceType: AclResourceTypes.TOPIC,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: `User:${user}`,
  host: '*',
  permissionType: AclPermissionTypes.ALLOW,
})

/** READ and what implies it: whoever may read may describe. */
export async function allow(user: string, operation: AclOperationTypes): Promise<void> {
  const admin = await cluster.admin()
  await admin.createAcls({ acl: [{ ...aclOf(user), resourceName: topic, operation }] })
}

export async function forbid(user: string, operation: AclOperationTypes): Promise<void> {
  const admin = await cluster.admin()
  await admin.deleteAcls({ filters: [{ ...aclOf(user), resourceName: topic, operation }] })
}

export const servers = (listener: string) => ({
  'bootstrap.servers': kafka.bootstrapServers(listener),
})
export const tls = (): Config => ({
  ...servers('SSL'),
  'security.protocol': 'ssl',
  'ssl.ca.location': certificates.authority,
})
export const sasl = (mechanism: string, password = PASSWORD, username = 'reader'): Config => ({
  ...servers('SASL_PLAINTEXT'),
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanisms': mechanism,
  'sasl.username': username,
  'sasl.password': password,
})
export const oauth = (): Config => ({
  ...servers('SASL_PLAINTEXT'),
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanisms': 'OAUTHBEARER',
})

/** An unsigned one, as Kafka takes it where nothing else is set. */
export function tokenUntil(expiryMs: number, lifetimeMs = expiryMs) {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
  const claims = { sub: 'reader', iat: Date.now() / 1e3 - 60, exp: expiryMs / 1e3 }
  return { token: `${part({ alg: 'none' })}.${part(claims)}.`, lifetimeMs, principal: 'reader' }
}
