import { inspect } from 'node:util'
import { ConsumerManager } from '../../src/index.js'
import { OPTIONS, partition, useFakeEngine } from './fake-engine.js'
import { raised } from './raised.js'

const fake = useFakeEngine()
const open = fake.open

test('create checks the options before anything is started', async () => {
  const wrong = { ...OPTIONS, batchSize: 0 }
  await expect(ConsumerManager.create(wrong)).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
  })
  expect(fake.engines).toHaveLength(0)
})

test('create rejects with what the engine says, and the stack of the caller', async () => {
  async function caller() {
    return await ConsumerManager.create(OPTIONS)
  }
  const creating = caller()
  const rejected = expect(creating).rejects.toMatchObject({
    code: 'ERR_UNKNOWN_TOPIC',
    topic: 'x',
    stack: expect.stringContaining('caller'),
  })
  await fake.engine.emit({
    type: 'opened',
    error: { code: 'ERR_UNKNOWN_TOPIC', message: 'no topic x', topic: 'x', retriable: false },
    columns: [],
  })
  await rejected
})

test('create is the only way to a manager', () => {
  const construct = ConsumerManager as unknown as new (options: unknown) => ConsumerManager
  expect(raised(() => new construct(OPTIONS)).message).toContain('ConsumerManager.create')
  expect(fake.engines).toHaveLength(0)
})

test('close rejects a pending poll and every later one', async () => {
  const { manager, engine } = await open()
  const polling = manager.poll()
  const closing = manager.close()
  await expect(polling).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await engine.emit({ type: 'closed' })
  await closing
  await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  expect(engine.calls).toEqual(['poll 1000', 'cancelPoll', 'close'])
})

test('close gives the same promise every time', async () => {
  const { manager, engine } = await open()
  const closing = manager.close()
  expect(manager.close()).toBe(closing)
  expect(manager[Symbol.asyncDispose]()).toBe(closing)
  await engine.emit({ type: 'closed' })
  await closing
  expect(manager.close()).toBe(closing)
  expect(engine.calls).toEqual(['close'])
})

test('the state stays what it was after close', async () => {
  const { manager, engine } = await open()
  engine.currentPhase = 'live'
  engine.mark = 5n
  engine.held = 7
  engine.paused = 1
  engine.partitions = [partition({ releasedOffset: 8n, isPaused: true })]
  const closing = manager.close()
  Object.assign(engine, { currentPhase: 'replay', mark: null, partitions: [] })
  await engine.emit({ type: 'closed' })
  await closing
  expect(manager.isLive()).toBe(true)
  expect(manager.getPrimingWatermark()).toBe(5)
  expect(manager.heldMessageCount()).toBe(0)
  expect(manager.pausedPartitionCount()).toBe(0)
  expect(manager.partitionState().get(0)?.toJSON()).toMatchObject({
    released_offset: 8n,
    is_paused: false,
  })
})

test('the state of a manager is the engine’s', async () => {
  const { manager, engine } = await open({ cutoffMs: 1_700_000_000_000 })
  expect(manager.isLive()).toBe(false)
  expect(manager.getPrimingWatermark()).toBeNull()
  engine.currentPhase = 'live'
  engine.mark = -7n
  engine.held = 3
  engine.paused = 2
  engine.partitions = [partition(), partition({ partition: 1 })]
  expect(manager.isLive()).toBe(true)
  expect(manager.getPrimingWatermark()).toBe(-7)
  expect(manager.heldMessageCount()).toBe(3)
  expect(manager.pausedPartitionCount()).toBe(2)
  expect(manager.partitionState().numRows).toBe(2)
  expect(manager.partitionState().get(1)?.cutoff).toBe(1_700_000_000_000)
})

test('inspect shows the state of a manager, and no secret', async () => {
  const { manager } = await open()
  const shown = inspect(manager)
  expect(shown).toContain('ConsumerManager')
  expect(shown).toContain('localhost:9092')
  expect(shown).toContain("phase: 'replay'")
  for (const text of [shown, inspect(manager, { showHidden: true, depth: 9 })]) {
    expect(text).not.toContain('sesame')
  }
  expect(JSON.stringify(manager)).not.toContain('sesame')
})
