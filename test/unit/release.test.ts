import { SLAB, useFakeEngine } from './fake-engine.js'
import { raised } from './raised.js'

const { open } = useFakeEngine()

test('release gives the slab back once', async () => {
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

test('a batch without rows needs no release, and stays', async () => {
  const { manager, engine } = await open()
  const polling = manager.poll(0)
  await engine.answer(null)
  const batch = await polling
  manager.release(batch)
  expect(batch.numRows).toBe(0)
  expect(engine.calls).toEqual(['poll 0'])
})

test('release refuses what is not a batch of its manager', async () => {
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

test('release works after close', async () => {
  const { manager, engine } = await open()
  const polling = manager.poll(0)
  await engine.answer(SLAB())
  const batch = await polling
  void manager.close()
  manager.release(batch)
  expect(engine.calls).toContain('release 1')
})
