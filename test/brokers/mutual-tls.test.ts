import { inspect } from 'node:util'
import { ConsumerManager, type KafkaOptions, type LogEntry, SourceTopic } from '../../src/index.js'
import { readReplay } from '../faults/read-replay.js'
import { ApacheKafka } from '../support/apache-kafka.js'
import { Certificates, KEY_PASSWORD } from '../support/certificates.js'
import { KafkaCluster } from '../support/cluster.js'
import { CLEAN, run } from '../support/run-program.js'
import { writeLog } from '../support/write-log.js'

const RECORDS = 1_000
/** Any name that ApacheKafka takes a port for: TLS where the client must show a certificate. */
const MUTUAL = 'SSL'

let certificates: Certificates
let kafka: ApacheKafka
let cluster: KafkaCluster
let topic: string
beforeAll(async () => {
  certificates = await Certificates.create()
  kafka = await ApacheKafka.start({
    listeners: ['PLAINTEXT', MUTUAL],
    properties: {
      'ssl.client.auth': 'required',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': certificates.keystore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': certificates.authority,
    },
  })
  cluster = new KafkaCluster(kafka.bootstrapServers('PLAINTEXT'))
  topic = await cluster.createTopic('t', 2)
  await writeLog(
    cluster.config,
    Array.from({ length: RECORDS }, (_, i) => ({
      topic,
      partition: i % 2,
      timestamp: 1_700_000_000_000 + i,
      value: `value ${i}`,
    })),
  )
}, 300_000)
afterAll(async () => {
  await cluster?.close()
  await kafka?.close()
  await certificates?.[Symbol.asyncDispose]()
})

const mutual = (): KafkaOptions['config'] => ({
  'bootstrap.servers': kafka.bootstrapServers(MUTUAL),
  'security.protocol': 'ssl',
  'ssl.ca.location': certificates.authority,
})

test('a client with a certificate that the broker trusts reads all', async () => {
  const topics = [SourceTopic.fromEarliest(topic)]
  const log: LogEntry[] = []
  const outcome = await readReplay(cluster, {
    topics,
    config: { ...mutual(), ...certificates.client(), debug: 'all' },
    logger: (entry) => log.push(entry),
  })
  expect(outcome.error).toBeNull()
  expect(outcome.rows).toHaveLength(RECORDS)
  expect(outcome.sha256).toBe((await readReplay(cluster, { topics })).sha256)
  expect(log.length).toBeGreaterThan(10)
  expect(inspect(log, { depth: 9, maxArrayLength: null })).not.toContain(KEY_PASSWORD)
})

test.each([
  ['modern', {}],
  ['legacy', { 'ssl.providers': 'default,legacy' }],
] as const)('a client with a %s key store reads all', async (kind, config) => {
  const outcome = await readReplay(cluster, {
    topics: [SourceTopic.fromEarliest(topic)],
    config: { ...mutual(), ...(await certificates.clientByKeyStore(kind)), ...config },
    allowUnsafeConfig: Object.keys(config),
  })
  expect(outcome.error).toBeNull()
  expect(outcome.rows).toHaveLength(RECORDS)
})

test('an authority in SSL_CERT_FILE is trusted, and only that', async () => {
  const config: Record<string, string> = {
    ...(mutual() as Record<string, string>),
    ...certificates.client(),
  }
  delete config['ssl.ca.location']
  const script = `
    const topics = [SourceTopic.fromEarliest(${JSON.stringify(topic)})]
    await ConsumerManager.create({ topics, config: ${JSON.stringify(config)} }).then(
      (manager) => manager.close().then(() => report('trusted')),
      ({ code }) => report(code),
    )`
  const trusting = (file: string) => run(script, { env: { SSL_CERT_FILE: file } })
  expect(await trusting(certificates.authority)).toEqual({ ...CLEAN, result: 'trusted' })
  expect((await trusting(certificates.otherAuthority)).result).toBe('ERR_AUTHENTICATION')
})

const refused: [string, () => KafkaOptions['config'], string, RegExp][] = [
  [
    'without a certificate',
    () => ({}),
    'ERR_AUTHENTICATION',
    /wants one: set ssl\.certificate\.location and ssl\.key\.location/,
  ],
  [
    'with one that another authority signed',
    () => certificates.client('stranger'),
    'ERR_AUTHENTICATION',
    /does not take the client's certificate/,
  ],
  [
    'with a wrong password of its key',
    () => ({ ...certificates.client(), 'ssl.key.password': `${KEY_PASSWORD}-not` }),
    'ERR_INVALID_OPTION',
    /ssl\.key\.location failed.*check .*ssl\.key\.password/,
  ],
  [
    "with another certificate's key",
    () => ({
      ...certificates.client(),
      'ssl.key.location': certificates.client('stranger')['ssl.key.location'],
    }),
    'ERR_INVALID_OPTION',
    /key values mismatch.*check /,
  ],
]
test.each(refused)('a client %s is told what is wrong', async (_what, config, code, says) => {
  const log: LogEntry[] = []
  const error = await ConsumerManager.create({
    topics: [SourceTopic.fromEarliest(topic)],
    config: { ...mutual(), ...config(), debug: 'all' },
    logger: (entry) => log.push(entry),
  }).catch((error: unknown) => error)
  expect(error).toMatchObject({ code, message: expect.stringMatching(says) })
  expect(inspect([error, log], { depth: 9, maxArrayLength: null })).not.toContain(KEY_PASSWORD)
})
