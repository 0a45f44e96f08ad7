import type { ProcessMemory } from '../../src/index.js'
import { native } from '../../src/native.js'
import { useFakeEngine } from './fake-engine.js'

const fake = useFakeEngine()
const KIB = 1024

/** The parts that are said to add up to the resident set. */
const sumOf = (parts: ProcessMemory) =>
  parts.heapTotal +
  parts.arrayBuffers +
  (parts.mallocOther ?? 0) +
  (parts.mallocFree ?? 0) +
  parts.heldBytes +
  parts.notAccounted

test('heldBytes is the sum of what is held', async () => {
  const { manager, engine } = await fake.open()
  const { heldBytes, held, process } = manager.memory()
  expect(held).toEqual(engine.heldMemory)
  expect(heldBytes).toBe(21_987_654_321)
  expect(process.heldBytes).toBe(heldBytes)
})

test('the parts of the process add up to its resident set', async () => {
  jest.spyOn(native, 'mallocMemory').mockReturnValue({ inUse: 500 * KIB, free: 70 * KIB })
  const { manager, engine } = await fake.open()
  const none = Object.keys(engine.heldMemory).map((part) => [part, 0])
  engine.heldMemory = { ...Object.fromEntries(none), queued: 300 * KIB }
  const parts = manager.memory().process
  expect(sumOf(parts)).toBe(parts.rss)
  expect(parts.mallocFree).toBe(70 * KIB)
  expect(parts.mallocOther).toBe(200 * KIB - parts.arrayBuffers)
})

test('what malloc does not tell is not accounted', async () => {
  jest.spyOn(native, 'mallocMemory').mockReturnValue(null)
  const { manager } = await fake.open()
  const parts = manager.memory().process
  expect(parts).toMatchObject({ mallocOther: null, mallocFree: null })
  expect(sumOf(parts)).toBe(parts.rss)
})

test('what is held is told after close, too, since batches may be there still', async () => {
  const { manager, engine } = await fake.open()
  const closing = manager.close()
  await engine.emit({ type: 'closed' })
  await closing
  engine.heldMemory = { ...engine.heldMemory, handedOutBatches: 5 }
  expect(manager.memory().held.handedOutBatches).toBe(5)
})
