import {
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { listenInSilence } from '../support/silent-server.js'
import { until } from '../support/until.js'

const BEGIN = '-----BEGIN CERTIFICATE-----'
const END = '-----END CERTIFICATE-----'

let cluster: MockCluster
beforeEach(() => {
  cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 2 })
})
afterEach(() => cluster.close())

const create = (options: StreamOptions & Partial<KafkaOptions> = {}) =>
  ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
    topics: [SourceTopic.fromEarliest('t')],
    ...options,
  })

test('create names an unknown topic', async () => {
  const topics = [SourceTopic.fromEarliest('t'), SourceTopic.fromEarliest('trades')]
  await expect(create({ topics })).rejects.toMatchObject({
    name: 'TidemarkError',
    code: 'ERR_UNKNOWN_TOPIC',
    topic: 'trades',
    message: expect.stringContaining("'trades'"),
  })
})

test('create refuses a topic that is named twice', async () => {
  const topics = [SourceTopic.fromEarliest('t'), SourceTopic.fromLatest('t')]
  await expect(create({ topics })).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' })
})

test('create refuses a budget that is too small for so many partitions', async () => {
  cluster.createTopic('wide', { partitions: 100 })
  const topics = [SourceTopic.fromEarliest('wide')]
  await expect(create({ topics, maxBufferedBytes: 1024 * 1024 })).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining('give at least 6553600'),
  })
  await using manager = await create({ topics, maxBufferedBytes: 6_553_600 })
  expect(manager.partitionState().numRows).toBe(100)
})

test.each<[string, KafkaOptions['config'], RegExp]>([
  [
    'a value that is none of several',
    { 'security.protocol': 'tls' },
    /'security\.protocol'; it takes plaintext, ssl, sasl_plaintext, sasl_ssl$/,
  ],
  [
    'a number out of its range',
    { 'socket.timeout.ms': 5 },
    /'socket.timeout.ms'; it takes 10 \.\. /,
  ],
  [
    'a file that is not there',
    { 'security.protocol': 'ssl', 'ssl.ca.location': '/no/such.pem' },
    /'ssl\.ca\.location' names, '\/no\/such\.pem', cannot be read: No such file/,
  ],
  [
    'a file that holds something else',
    { 'security.protocol': 'ssl', 'ssl.ca.location': __filename },
    /ssl\.ca\.location failed.*check that the file holds/,
  ],
  [
    'no certificate, in a property that is no file',
    { 'security.protocol': 'ssl', 'ssl.certificate.pem': `${BEGIN}\nbm9uZQ==\n${END}\n` },
    /refuses it: ssl\.certificate\.pem failed.*check that the file holds/s,
  ],
  [
    'ciphers that there are not',
    { 'security.protocol': 'ssl', 'ssl.cipher.suites': 'NO-SUCH' },
    /refuses it: ssl\.cipher\.suites failed(?!.*check that the file)/s,
  ],
  [
    'no mechanism',
    { 'security.protocol': 'sasl_ssl' },
    /set 'sasl\.mechanisms' to PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER/,
  ],
])('create says what librdkafka refuses in a configuration: %s', async (_what, config, says) => {
  const all = { 'bootstrap.servers': cluster.bootstrapServers, ...config }
  await expect(create({ config: all })).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringMatching(says),
  })
})

describe('create says what it has tried within createTimeoutMs', () => {
  /** Rejects in time, with the servers, the time, and `reason` in the message. */
  async function timesOut(servers: string, reason: RegExp): Promise<void> {
    const creating = create({ config: { 'bootstrap.servers': servers }, createTimeoutMs: 2_000 })
    await expect(creating).rejects.toMatchObject({
      code: 'ERR_CREATE_TIMEOUT',
      retriable: true,
      message: expect.stringMatching(reason),
    })
    await expect(creating).rejects.toThrow(`no answer from '${servers}' within 2000 ms`)
  }

  test('where nothing listens', () =>
    timesOut('127.0.0.1:1', /last error: .*127\.0\.0\.1:1.*Connection refused/s))

  test("with librdkafka's warnings about the configuration", async () => {
    const config = { 'bootstrap.servers': '127.0.0.1:1', 'retry.backoff.ms': 5_000 }
    await expect(create({ config, createTimeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'ERR_CREATE_TIMEOUT',
      message: expect.stringMatching(
        /; librdkafka warns: Configuration `retry\.backoff\.ms` with value 5000 is greater/,
      ),
    })
    // Of what tidemark sets itself there is nothing to warn of.
    const plain = { 'bootstrap.servers': '127.0.0.1:1' }
    await expect(create({ config: plain, createTimeoutMs: 500 })).rejects.toMatchObject({
      message: expect.not.stringContaining('librdkafka warns'),
    })
  })

  test('where a host name does not resolve', () =>
    timesOut('no-such-host.invalid:9092', /last error: .*no-such-host\.invalid.*resolve/s))

  test('where something listens that does not speak Kafka', async () => {
    await using silent = await listenInSilence()
    await timesOut(silent.address, /check 'bootstrap\.servers'/)
  })

  test('where the broker is down', async () => {
    cluster.setBrokerDown(1, true)
    await timesOut(cluster.bootstrapServers, /last error: /)
  })

  test('where the broker answers too slowly', async () => {
    cluster.setRoundTripTime(1, 60_000)
    await timesOut(cluster.bootstrapServers, /check 'bootstrap\.servers'/)
  })

  test('where a partition has no leader', async () => {
    cluster.setLeader('t', 1, null)
    await expect(create({ createTimeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'ERR_CREATE_TIMEOUT',
      topic: 't',
      partition: 1,
      message: expect.stringMatching(/'t', partition 1: .*[Ll]eader not available.* 2000 ms/),
    })
  })
})

test('create waits for a leader that comes in time', async () => {
  cluster.setLeader('t', 1, null)
  let asked = 0
  const creating = create({
    config: { 'bootstrap.servers': cluster.bootstrapServers, debug: 'metadata' },
    logger: ({ message }) => {
      if (message.includes(': describe topics')) asked++
    },
  })
  await until('it has found no leader, and looks for one', () => asked >= 3)
  cluster.setLeader('t', 1, 1)
  await using manager = await creating
  expect(manager.isLive()).toBe(true)
})

test('create needs one broker of several that answers', async () => {
  const servers = `127.0.0.1:1,${cluster.bootstrapServers}`
  await using manager = await create({ config: { 'bootstrap.servers': servers } })
  expect(manager.isLive()).toBe(true)
})
