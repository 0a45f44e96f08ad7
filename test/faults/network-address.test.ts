import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { FaultyProxy } from '../support/faulty-proxy.js'
import { type BehindProxy, openBehindProxy, replayThrough } from './behind-proxy.js'
import { expectRight } from './read-replay.js'

let behind: BehindProxy
beforeEach(async () => {
  behind = await openBehindProxy()
})
afterEach(() => behind[Symbol.asyncDispose]())

test('a replay goes on when a broker comes back on another address', async () => {
  const { broker, proxy, right } = behind
  await using other = await FaultyProxy.start({ host: broker.host, port: broker.port })
  const outcome = await replayThrough(
    behind,
    async () => {
      broker.advertised = { host: other.host, port: other.port }
      await proxy.refuse()
    },
    { 'bootstrap.servers': `${proxy.host}:${proxy.port},${other.host}:${other.port}` },
  )
  expectRight(outcome, right)
})

const create = (servers: string) =>
  ConsumerManager.create({
    config: { 'bootstrap.servers': servers },
    topics: [SourceTopic.fromEarliest('t')],
    createTimeoutMs: 3_000,
  })

test('create names a host that DNS does not know', async () => {
  await expect(create('no-such-host.invalid:9092')).rejects.toMatchObject({
    code: 'ERR_CREATE_TIMEOUT',
    retriable: true,
    message: expect.stringMatching(/no-such-host\.invalid.*resolve.*check 'bootstrap\.servers'/s),
  })
})

test('create names a host that brokers advertise and DNS does not know', async () => {
  behind.broker.advertised = { host: 'no-such-host.invalid', port: 9092 }
  await expect(create(`127.0.0.1:${behind.broker.port}`)).rejects.toMatchObject({
    code: 'ERR_CREATE_TIMEOUT',
    message: expect.stringMatching(/no-such-host\.invalid.*advertised/s),
  })
})
