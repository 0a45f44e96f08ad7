import { inspect } from 'node:util'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { OPENED, partition, useFakeEngine } from './fake-engine.js'

const fake = useFakeEngine()
const topics = [SourceTopic.fromEarliest('trades')]
const security = { 'security.protocol': 'sasl_ssl', 'sasl.mechanisms': 'OAUTHBEARER' }
const lifetimeMs = Date.now() + 60_000

/** Two clusters and a folder. */
async function open(options: object = {}) {
  const creating = ConsumerManager.create({
    sources: [
      {
        name: 'eu',
        config: { 'bootstrap.servers': 'eu:9092', ...security, 'ssl.key.password': 'sesame' },
        topics,
        oauthToken: () => ({ token: 'token of eu', lifetimeMs }),
      },
      {
        name: 'us',
        config: { 'bootstrap.servers': 'us:9092', ...security, 'ssl.key.password': 'simsim' },
        topics,
        oauthToken: () => Promise.reject(new RangeError('down')),
      },
      { name: 'archive', segments: '/data', topics },
    ],
    ...options,
  })
  await fake.engine.emit(OPENED)
  return { manager: await creating, engine: fake.engine }
}

test('inspect shows each source, and no secret', async () => {
  const { manager } = await open()
  const shown = inspect(manager, { depth: 4 })
  for (const part of ["name: 'eu'", 'us:9092', "segments: '/data'", "topics: [ 'trades' ]"]) {
    expect(shown).toContain(part)
  }
  expect(inspect(manager, { showHidden: true, depth: 9 })).not.toMatch(/sesame|simsim/)
})

test('no secret of any source reaches logger or onEvent, and both are told the source', async () => {
  const logger = jest.fn()
  const onEvent = jest.fn()
  const { engine } = await open({ logger, onEvent })
  const said = { message: 'sesame, simsim', source: 'us' }
  await engine.emit({ type: 'log', level: 4, facility: 'FAIL', ...said })
  await engine.emit({ type: 'clientEvent', clientEvent: { type: 'error', kafkaCode: 1, ...said } })
  const told = { message: '[secret], [secret]', source: 'us' }
  expect(logger.mock.calls).toEqual([[{ level: 'warn', facility: 'FAIL', ...told }]])
  expect(onEvent.mock.calls).toEqual([[{ type: 'error', kafkaCode: 1, ...told }]])
})

test('a token is asked of the callback of the source that needs it, and given to that one', async () => {
  const onEvent = jest.fn()
  const { manager, engine } = await open({ onEvent })
  for (const source of ['eu', 'us']) await engine.emit({ type: 'token', source })
  await new Promise(setImmediate)
  expect(engine.tokens).toEqual([{ source: 'eu', token: 'token of eu', lifetimeMs, principal: '' }])
  const message = 'oauthToken: the function threw RangeError'
  expect(engine.tokenFailures).toEqual([`us: ${message}`])
  expect(onEvent.mock.calls).toEqual([
    [{ type: 'tokenRefreshed', source: 'eu', lifetimeMs }],
    [{ type: 'tokenFailed', source: 'us', message }],
  ])
  // What one of them threw is the cause of its own errors alone.
  for (const [source, expected] of [
    ['eu', expect.not.objectContaining({ cause: expect.anything() })],
    ['us', expect.objectContaining({ cause: new RangeError('down') })],
  ] as const) {
    const rejected = expect(manager.poll()).rejects.toEqual(expected)
    await engine.answer(null, {
      ...{ code: 'ERR_AUTHENTICATION', message: 'refused', source, retriable: false },
    })
    await rejected
  }
})

test('partitionState tells the source of each partition', async () => {
  const { manager, engine } = await open()
  engine.partitions = ['archive', 'eu', 'us'].map((source) => partition({ source }))
  expect(manager.partitionState().getChild('source')?.toJSON()).toEqual(['archive', 'eu', 'us'])
})
