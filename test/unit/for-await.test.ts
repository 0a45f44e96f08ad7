import { FAILURE, SLAB, useFakeEngine } from './fake-engine.js'

const { open } = useFakeEngine()

test('for await ends when the manager is closed, also while it waits', async () => {
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

test('for await over a closed manager ends at once', async () => {
  const { manager } = await open()
  void manager.close()
  for await (const _ of manager) throw new Error('a batch after close')
})

test('leaving a for await does not close the manager', async () => {
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

test('for await throws the reason of an abort, and an error of the stream with the stack of the loop', async () => {
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
    stack: expect.stringContaining('for-await.test.ts'),
  })
  await engine.answer(null, FAILURE)
  await failed
})
