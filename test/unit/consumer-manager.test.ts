import { inspect } from 'node:util'
import { ConsumerManager } from '../../src/index.js'
import { FAILURE, FakeEngine, OPTIONS, partition, SLAB, useFakeEngine } from './fake-engine.js'
import { raised } from './raised.js'

const fake = useFakeEngine()
const open = fake.open

describe('create', () => {
  test('checks the options before anything is started', async () => {
    const wrong = { ...OPTIONS, batchSize: 0 }
    await expect(ConsumerManager.create(wrong)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
    })
    expect(fake.engines).toHaveLength(0)
  })

  test('rejects with what the engine says, and the stack of the caller', async () => {
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

  test('is the only way to a manager', () => {
    const construct = ConsumerManager as unknown as new (options: unknown) => ConsumerManager
    expect(raised(() => new construct(OPTIONS)).message).toContain('ConsumerManager.create')
    expect(fake.engines).toHaveLength(0)
  })
})

describe('poll', () => {
  test('resolves to what the engine answers, from a macrotask', async () => {
    const { manager, engine } = await open()
    const polling = manager.poll(250)
    const order: string[] = []
    const told = polling.then(() => order.push('poll'))
    setImmediate(() => order.push('macrotask'))
    void engine.answer(SLAB())
    const batch = await polling
    await told
    expect(order).toEqual(['macrotask', 'poll'])
    expect(engine.calls).toEqual(['poll 250'])
    expect(batch.get(0)?.toJSON()).toMatchObject({ topic: 'trades', offset: 1n, timestamp: 5 })
  })

  test('what rings is looked at at once, and not twice in a turn of the event loop', async () => {
    const { engine } = await open()
    const ring = () => engine.listener({ type: 'rung' })
    const nextTurn = () => new Promise(setImmediate)
    const deliveries = () => engine.calls.filter((call) => call === 'deliver').length
    ring()
    expect(deliveries()).toBe(1)
    for (const turn of [1, 2, 3]) {
      ring()
      await Promise.resolve()
      expect(deliveries()).toBe(turn)
      await nextTurn()
      ring() // not in between either
      expect(deliveries()).toBe(turn)
      await nextTurn()
      expect(deliveries()).toBe(turn + 1)
    }
    await nextTurn()
    await nextTurn()
    ring()
    expect(deliveries()).toBe(5)
  })

  test('waits a second by default', async () => {
    const { manager, engine } = await open()
    const polling = manager.poll()
    await engine.answer(null)
    expect((await polling).numRows).toBe(0)
    expect(engine.calls).toEqual(['poll 1000'])
  })

  test.each([0, 0.5, Number.POSITIVE_INFINITY])('takes %p ms', async (timeoutMs) => {
    const { manager, engine } = await open()
    const polling = manager.poll(timeoutMs)
    await engine.answer(null)
    await polling
    expect(engine.calls).toEqual([`poll ${timeoutMs}`])
  })

  test.each([-1, Number.NaN, '5', null, {}, 5n])('refuses %p ms', async (timeoutMs) => {
    const { manager, engine } = await open()
    await expect(manager.poll(timeoutMs as number)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    })
    expect(engine.calls).toEqual([])
  })

  test.each([
    null,
    5,
    [],
    new AbortController().signal,
    new EventTarget(),
    { signal: null },
    { signal: {} },
    { signal: new EventTarget() },
    { sginal: undefined },
  ])('refuses %p as options', async (options) => {
    const { manager } = await open()
    await expect(manager.poll(0, options as object)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    })
  })

  test('a second one at the same time is refused, and does not disturb the first', async () => {
    const { manager, engine } = await open()
    const first = manager.poll()
    await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_BUSY', retriable: true })
    await engine.answer(SLAB())
    expect((await first).numRows).toBe(1)
    const next = manager.poll()
    await engine.answer(null)
    await next
  })

  test('an error of the stream has the stack of each caller', async () => {
    const { manager, engine } = await open()
    async function firstCaller() {
      return await manager.poll()
    }
    async function secondCaller() {
      return await manager.poll()
    }
    for (const caller of [firstCaller, secondCaller]) {
      const rejected = expect(caller()).rejects.toMatchObject({
        ...FAILURE,
        stack: expect.stringContaining(caller.name),
      })
      await engine.answer(null, FAILURE)
      await rejected
    }
  })
})

describe('abort', () => {
  test('rejects with the reason, and the rows stay for the next poll', async () => {
    const { manager, engine } = await open()
    const controller = new AbortController()
    const polling = manager.poll(1000, { signal: controller.signal })
    controller.abort('enough')
    // At once, before the rejection is known to anybody.
    const next = manager.poll(5)
    await expect(polling).rejects.toBe('enough')
    await engine.answer(SLAB())
    expect((await next).numRows).toBe(1)
    expect(engine.calls).toEqual(['poll 1000', 'cancelPoll', 'poll 5'])
  })

  test('a signal that is aborted already asks for nothing', async () => {
    const { manager, engine } = await open()
    const reason = new Error('enough')
    await expect(manager.poll(0, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(engine.calls).toEqual([])
  })

  test('after the answer it does nothing', async () => {
    const { manager, engine } = await open()
    const controller = new AbortController()
    const polling = manager.poll(1000, { signal: controller.signal })
    await engine.answer(SLAB())
    controller.abort()
    expect((await polling).numRows).toBe(1)
    expect(engine.calls).toEqual(['poll 1000'])
  })
})

describe('for await', () => {
  test('ends when the manager is closed, also while it waits', async () => {
    const { manager, engine } = await open()
    const seen: number[] = []
    const loop = (async () => {
      for await (const batch of manager) {
        seen.push(batch.numRows)
        setImmediate(() => void manager.close())
      }
    })()
    await engine.answer(null)
    await engine.answer(SLAB())
    await loop
    expect(seen).toEqual([1])
    expect(engine.calls).toEqual(['poll 1000', 'poll 1000', 'poll 1000', 'cancelPoll', 'close'])
  })

  test('over a closed manager it ends at once', async () => {
    const { manager } = await open()
    void manager.close()
    for await (const _ of manager) throw new Error('a batch after close')
  })

  test('leaving the loop does not close the manager', async () => {
    const { manager, engine } = await open()
    const loop = (async () => {
      for await (const _ of manager.batches({ timeoutMs: 5, autoRelease: true })) break
    })()
    await engine.answer(SLAB())
    await loop
    expect(engine.calls).toEqual(['poll 5', 'release 1'])
    const polling = manager.poll(0)
    await engine.answer(null)
    await polling
  })

  test('an abort throws its reason, an error of the stream has the stack of the loop', async () => {
    const { manager, engine } = await open()
    const controller = new AbortController()
    async function loops(signal?: AbortSignal) {
      for await (const _ of manager.batches({ signal })) break
    }
    const aborted = expect(loops(controller.signal)).rejects.toBe('enough')
    controller.abort('enough')
    await aborted
    const failed = expect(loops()).rejects.toMatchObject({
      ...FAILURE,
      // Not the function: source maps lose its name here.
      stack: expect.stringContaining('consumer-manager.test.ts'),
    })
    await engine.answer(null, FAILURE)
    await failed
  })
})

describe('release', () => {
  test('gives the slab back once', async () => {
    const { manager, engine } = await open()
    const polling = manager.poll(0)
    await engine.answer(SLAB())
    const batch = await polling
    manager.release(batch)
    manager.release(batch)
    expect(engine.calls).toEqual(['poll 0', 'release 1'])
  })

  test('a released batch is not read in silence', async () => {
    const { manager, engine } = await open()
    const polling = manager.poll(0)
    await engine.answer(SLAB())
    const batch = await polling
    const values = batch.getChild('value')?.data[0]?.values
    manager.release(batch)
    for (const read of [
      () => batch.get(0),
      () => batch.numRows,
      () => batch.toArray(),
      () => batch.getChild('value'),
      () => batch.slice(0, 1),
    ]) {
      expect(raised(read).code).toBe('ERR_RELEASED')
    }
    expect(values).toHaveLength(0)
  })

  test('a batch without rows needs none, and stays', async () => {
    const { manager, engine } = await open()
    const polling = manager.poll(0)
    await engine.answer(null)
    const batch = await polling
    manager.release(batch)
    expect(batch.numRows).toBe(0)
    expect(engine.calls).toEqual(['poll 0'])
  })

  test('refuses what is not a batch of this manager', async () => {
    const { manager, engine } = await open()
    const polling = manager.poll(0)
    await engine.answer(SLAB())
    const batch = await polling
    const { manager: other } = await open()
    for (const release of [
      () => manager.release(batch.slice(0, 1)),
      () => other.release(batch),
      () => manager.release(manager.partitionState() as never),
      () => manager.release(undefined as never),
      () => manager.release(5 as never),
    ]) {
      expect(raised(release).code).toBe('ERR_INVALID_ARGUMENT')
    }
    expect(batch.numRows).toBe(1)
  })

  test('works after close', async () => {
    const { manager, engine } = await open()
    const polling = manager.poll(0)
    await engine.answer(SLAB())
    const batch = await polling
    void manager.close()
    manager.release(batch)
    expect(engine.calls).toContain('release 1')
  })
})

describe('close', () => {
  test('rejects a pending poll and every later one', async () => {
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

  test('gives the same promise every time', async () => {
    const { manager, engine } = await open()
    const closing = manager.close()
    expect(manager.close()).toBe(closing)
    expect(manager[Symbol.asyncDispose]()).toBe(closing)
    await engine.emit({ type: 'closed' })
    await closing
    expect(manager.close()).toBe(closing)
    expect(engine.calls).toEqual(['close'])
  })

  test('the state stays what it was', async () => {
    const { manager, engine } = await open()
    engine.live = true
    engine.mark = 5n
    engine.held = 7
    engine.paused = 1
    engine.partitions = [partition({ releasedOffset: 8n, isPaused: true })]
    const closing = manager.close()
    Object.assign(engine, { live: false, mark: null, partitions: [] })
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
})

describe('state', () => {
  test('is the engine’s', async () => {
    const { manager, engine } = await open({ cutoffMs: 1_700_000_000_000 })
    expect(manager.isLive()).toBe(false)
    expect(manager.getPrimingWatermark()).toBeNull()
    engine.live = true
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

  test('inspect shows it, and no secret', async () => {
    const { manager } = await open()
    const shown = inspect(manager)
    expect(shown).toContain('ConsumerManager')
    expect(shown).toContain('localhost:9092')
    expect(shown).toContain('isLive: false')
    for (const text of [shown, inspect(manager, { showHidden: true, depth: 9 })]) {
      expect(text).not.toContain('sesame')
    }
    expect(JSON.stringify(manager)).not.toContain('sesame')
  })
})

test('FakeEngine refuses a second poll, as native code does', () => {
  const engine = new FakeEngine({} as never, () => {})
  expect(engine.poll(0)).toBe(true)
  expect(engine.poll(0)).toBe(false)
})
