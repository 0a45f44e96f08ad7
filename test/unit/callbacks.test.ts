import { ConsumerManager } from '../../src/index.js'
import { FAILURE, OPENED, OPTIONS, SLAB, useFakeEngine } from './fake-engine.js'

const fake = useFakeEngine()
const open = fake.open

test('log lines reach the logger', async () => {
  const logger = jest.fn()
  const { engine } = await open({ logger })
  await engine.emit({ type: 'log', level: 4, facility: 'FAIL', message: 'no route' })
  expect(logger).toHaveBeenCalledWith({ level: 'warn', facility: 'FAIL', message: 'no route' })
})

test('client events reach onEvent as they are', async () => {
  const onEvent = jest.fn()
  const { engine } = await open({ onEvent })
  const clientEvent = { type: 'brokerUp', broker: 'b:9092', brokerId: 1 } as const
  await engine.emit({ type: 'clientEvent', clientEvent })
  expect(onEvent.mock.calls).toEqual([[clientEvent]])
})

test('a stall reaches onEvent and the poll, and the next poll goes on', async () => {
  const onEvent = jest.fn()
  const { manager, engine } = await open({ onEvent })
  const stall = { ...FAILURE, code: 'ERR_STALLED', offset: 7n, retriable: true } as const
  const polling = manager.poll()
  const rejected = expect(polling).rejects.toMatchObject(stall)
  await engine.answer(null, stall)
  await rejected
  const { code, retriable, ...told } = stall
  expect(onEvent.mock.calls).toEqual([[{ type: 'stalled', ...told }]])
  const again = manager.poll()
  await engine.answer(SLAB())
  expect((await again).numRows).toBe(1)
})

test('a token that was taken reaches onEvent', async () => {
  const onEvent = jest.fn()
  const lifetimeMs = Date.now() + 60_000
  const { engine } = await open({
    config: { ...OPTIONS.config, 'sasl.mechanisms': 'OAUTHBEARER' },
    oauthToken: () => ({ token: 'abcd', lifetimeMs }),
    onEvent,
  })
  await engine.emit({ type: 'token' })
  await new Promise(setImmediate)
  expect(onEvent.mock.calls).toEqual([[{ type: 'tokenRefreshed', lifetimeMs }]])
})

test('no secret reaches logger, onEvent or a poll, whoever quotes it', async () => {
  const logger = jest.fn()
  const onEvent = jest.fn()
  const { manager, engine } = await open({ logger, onEvent })
  const message = 'no sesame here'
  const masked = 'no [secret] here'
  await engine.emit({ type: 'log', level: 7, facility: 'X', message })
  await engine.emit({
    type: 'clientEvent',
    clientEvent: { type: 'error', kafkaCode: -195, message },
  })
  const polling = manager.poll()
  const rejected = expect(polling).rejects.toMatchObject({ message: masked })
  await engine.answer(null, { code: 'ERR_KAFKA', message, retriable: false })
  await rejected
  expect(logger).toHaveBeenCalledWith(expect.objectContaining({ message: masked }))
  expect(onEvent).toHaveBeenCalledWith(expect.objectContaining({ message: masked }))
})

test('without a logger and onEvent nothing is written anywhere, and the stream goes on', async () => {
  const { manager, engine } = await open()
  const writers = [
    ...(['debug', 'error', 'info', 'log', 'warn'] as const).map((name) =>
      jest.spyOn(console, name).mockImplementation(),
    ),
    jest.spyOn(process.stdout, 'write').mockReturnValue(true),
    jest.spyOn(process.stderr, 'write').mockReturnValue(true),
    jest.spyOn(process, 'emitWarning').mockImplementation(),
  ]
  await engine.emit({ type: 'log', level: 2, facility: 'FAIL', message: 'no route' })
  const clientEvent = { type: 'error', kafkaCode: -195, message: 'no route' } as const
  await engine.emit({ type: 'clientEvent', clientEvent })
  const polling = manager.poll()
  await engine.answer(SLAB())
  expect((await polling).numRows).toBe(1)
  expect(writers.flatMap(({ mock }) => mock.calls)).toEqual([])
})

test('oauthToken is asked for tokens, also before create is through', async () => {
  const lifetimeMs = Date.now() + 60_000
  const creating = ConsumerManager.create({
    config: { ...OPTIONS.config, 'sasl.mechanisms': 'OAUTHBEARER' },
    topics: OPTIONS.topics,
    oauthToken: async () => ({ token: 'abc', lifetimeMs }),
  })
  await fake.engine.emit({ type: 'token' })
  await new Promise(setImmediate)
  expect(fake.engine.tokens).toEqual([{ token: 'abc', lifetimeMs, principal: '' }])
  await fake.engine.emit(OPENED)
  await creating
})
