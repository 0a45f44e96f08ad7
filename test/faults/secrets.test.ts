import { generateKeyPairSync } from 'node:crypto'
import { CLEAN, type Outcome, run } from '../support/run-program.js'
import { DEADLINE_MS } from '../support/until.js'

const CANARY = 'canary-5up3r-53cr37'

const sasl = (mechanism: string) => ({
  'security.protocol': 'sasl_plaintext',
  'sasl.mechanisms': mechanism,
  'sasl.username': 'alice',
  'sasl.password': CANARY,
})
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: {
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'another passphrase',
  },
})
const ssl = { 'security.protocol': 'ssl' }

/** Ways to hand the canary in; `token`: as that of `oauthToken`, or in what it throws. */
const WAYS: Record<string, { config: object; token?: string; tokenThrows?: boolean }> = {
  PLAIN: { config: sasl('PLAIN') },
  'SCRAM-SHA-256': { config: sasl('SCRAM-SHA-256') },
  'SCRAM-SHA-512': { config: sasl('SCRAM-SHA-512') },
  'PLAIN over TLS': { config: { ...sasl('PLAIN'), 'security.protocol': 'sasl_ssl' } },
  'an unknown mechanism': { config: sasl('NO-SUCH') },
  OAUTHBEARER: {
    config: { 'security.protocol': 'sasl_plaintext', 'sasl.mechanisms': 'OAUTHBEARER' },
    token: CANARY,
  },
  'a token that librdkafka refuses and quotes': {
    config: { 'security.protocol': 'sasl_plaintext', 'sasl.mechanisms': 'OAUTHBEARER' },
    token: `${CANARY}\u00e9`,
  },
  'what a token is asked for with, in what oauthToken throws': {
    config: { 'security.protocol': 'sasl_plaintext', 'sasl.mechanisms': 'OAUTHBEARER' },
    token: CANARY,
    tokenThrows: true,
  },
  'OIDC, which is not built in': {
    config: {
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanisms': 'OAUTHBEARER',
      'sasl.oauthbearer.method': 'oidc',
      'sasl.oauthbearer.client.id': 'me',
      'sasl.oauthbearer.client.secret': CANARY,
      'sasl.oauthbearer.config': `principal=${CANARY}`,
      'sasl.oauthbearer.token.endpoint.url': 'http://127.0.0.1:1/',
    },
    token: 'x',
  },
  'the passphrase of a key': {
    config: { ...ssl, 'ssl.key.pem': privateKey, 'ssl.key.password': CANARY },
  },
  'a key where its file belongs': {
    config: { ...ssl, 'ssl.key.location': `-----BEGIN PRIVATE KEY-----\n${CANARY}\n` },
  },
  'a key with literal line ends': {
    config: { ...ssl, 'ssl.key.pem': `-----BEGIN PRIVATE KEY-----\\n${CANARY}\\n` },
  },
  'a key that lost its line ends': {
    config: { ...ssl, 'ssl.key.pem': `-----BEGIN PRIVATE KEY----- ${CANARY}` },
  },
  'a password without SASL': { config: { 'sasl.mechanisms': 'PLAIN', 'sasl.password': CANARY } },
  'two names of one secret': {
    config: {
      'security.protocol': 'sasl_plaintext',
      'sasl.oauthbearer.client.secret': CANARY,
      'sasl.oauthbearer.client.credentials.client.secret': `${CANARY}2`,
    },
  },
  'a password in the address of a broker': {
    config: { 'metadata.broker.list': `me:${CANARY}@127.0.0.1:1` },
  },
  'a key that is none': { config: { ...ssl, 'ssl.key.pem': CANARY } },
  'a key that is cut off': {
    config: { ...ssl, 'ssl.key.pem': `${privateKey.slice(0, 400)}\n${CANARY}` },
  },
  'the password of a keystore': {
    config: { ...ssl, 'ssl.keystore.location': '/dev/null', 'ssl.keystore.password': CANARY },
  },
  'a keystore that is not there': {
    config: { ...ssl, 'ssl.keystore.location': '/no/such', 'ssl.keystore.password': CANARY },
  },
  'a wrong type': { config: { 'sasl.password': [CANARY] } },
  'a misspelt name': { config: { 'sasl.pasword': CANARY } },
  'a value that is out of range': { config: { 'socket.timeout.ms': CANARY } },
}

// All in one process, side by side: most of the time they wait.
let outcome: Outcome
beforeAll(async () => {
  outcome = await run(`
    const { inspect } = await import('node:util')
    const cluster = MockCluster.start()
    cluster.createTopic('t')
    const servers = {
      reachable: { 'bootstrap.servers': cluster.bootstrapServers },
      refusing: { 'bootstrap.servers': '127.0.0.1:1' },
      silent: await startSilentServer(),
    }
    const plain = (_, value) => (typeof value === 'bigint' ? String(value) : value)
    async function fail({ config, token, tokenThrows }, server, shown) {
      const show = (value) => {
        const all = { depth: 9, showHidden: true }
        if (value instanceof Error) {
          shown.push(value.message, value.stack)
          // The caller's own, and what it is for: handed back, and quoted nowhere.
          if (value.cause === thrown) Object.defineProperty(value, 'cause', { value: 'thrown' })
          else if (tokenThrows) shown.push('without its cause: ' + ${JSON.stringify(CANARY)})
        }
        shown.push(inspect(value, all), JSON.stringify(value, plain) ?? '')
      }
      const thrown = new Error('401 for client_secret=' + token)
      const oauthToken = () => {
        if (tokenThrows) throw thrown
        return { token, lifetimeMs: Date.now() + 60_000 }
      }
      const isOAuth = config['sasl.mechanisms'] === 'OAUTHBEARER'
      const options = {
        // What it throws ends create at once, which a busy machine must not time out before.
        createTimeoutMs: tokenThrows ? ${DEADLINE_MS} : 1_500,
        closeTimeoutMs: 500,
        logger: show,
        onEvent: show,
        ...(isOAuth && { oauthToken }),
      }
      const all = { ...config, ...server, debug: 'all', log_level: 7 }
      try {
        const manager = await open(all, options)
        show(manager)
        await manager.close()
      } catch (error) {
        if (error.name !== 'TidemarkError') throw error
        show(error)
      }
      if (isOAuth) return
      try {
        const producer = await Producer.create({ config: all, closeTimeoutMs: 300, timeoutMs: 300 })
        show(producer)
        await producer.send({ topic: 't', value: 'x' })
        await producer.close()
      } catch (error) {
        show(error)
      }
    }
    const found = {}
    await Promise.all(Object.entries(${JSON.stringify(WAYS)}).map(async ([name, way]) => {
      const shown = []
      await Promise.all(Object.values(servers).map((server) => fail(way, server, shown)))
      const leaks = shown.filter((text) => text.includes(${JSON.stringify(CANARY)}))
      found[name] = { leaks: leaks.slice(0, 3), isSilent: shown.length === 0 }
    }))
    cluster.close()
    report(found)
    process.exit(0)
  `)
})

test.each(Object.keys(WAYS))('%s is never shown, whatever fails', (name) => {
  expect(outcome.result?.[name]).toEqual({ leaks: [], isSilent: false })
})

test('nothing is written to stderr where secrets are configured, whatever fails', () => {
  expect(outcome).toMatchObject(CLEAN)
})
