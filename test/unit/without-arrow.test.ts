import { ConsumerManager } from '../../src/index.js'
import { OPTIONS, useFakeEngine } from './fake-engine.js'

jest.mock('apache-arrow/recordbatch', () => {
  throw new Error("Cannot find package 'apache-arrow'")
})

const fake = useFakeEngine()

test('create rejects and ends the engine where apache-arrow cannot be loaded', async () => {
  await expect(ConsumerManager.create(OPTIONS)).rejects.toThrow(
    "Cannot find package 'apache-arrow'",
  )
  expect(fake.engine.calls).toEqual(['close'])
})
