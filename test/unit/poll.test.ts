import { FAILURE, FakeEngine, SLAB, useFakeEngine } from './fake-engine.js'

const { open } = useFakeEngine()

test('a poll resolves to what the engine answers, from a macrotask', async () => {
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

test('what the engine rings for is looked at at once, and not twice in a turn of the event loop', async () => {
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

test('a poll waits a second by default', async () => {
  const { manager, engine } = await open()
  const polling = manager.poll()
  await engine.answer(null)
  expect((await polling).numRows).toBe(0)
  expect(engine.calls).toEqual(['poll 1000'])
})

test.each([0, 0.5, Number.POSITIVE_INFINITY])('a poll takes %p ms', async (timeoutMs) => {
  const { manager, engine } = await open()
  const polling = manager.poll(timeoutMs)
  await engine.answer(null)
  await polling
  expect(engine.calls).toEqual([`poll ${timeoutMs}`])
})

test.each([-1, Number.NaN, '5', null, {}, 5n])('a poll refuses %p ms', async (timeoutMs) => {
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
])('a poll refuses %p as options', async (options) => {
  const { manager } = await open()
  await expect(manager.poll(0, options as object)).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
  })
})

test('a second poll at the same time is refused, and does not disturb the first', async () => {
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

test('an abort rejects a poll with its reason, and the rows stay for the next one', async () => {
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

test('a poll whose signal is aborted already asks for nothing', async () => {
  const { manager, engine } = await open()
  const reason = new Error('enough')
  await expect(manager.poll(0, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(engine.calls).toEqual([])
})

test('an abort after the answer of a poll does nothing', async () => {
  const { manager, engine } = await open()
  const controller = new AbortController()
  const polling = manager.poll(1000, { signal: controller.signal })
  await engine.answer(SLAB())
  controller.abort()
  expect((await polling).numRows).toBe(1)
  expect(engine.calls).toEqual(['poll 1000'])
})

test('FakeEngine refuses a second poll, as native code does', () => {
  const engine = new FakeEngine({} as never, () => {})
  expect(engine.poll(0)).toBe(true)
  expect(engine.poll(0)).toBe(false)
})
