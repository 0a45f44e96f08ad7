import { native } from '../../src/native.js'
import { checkOptions } from '../../src/options/options.js'
import { SourceTopic } from '../../src/topics/source-topic.js'
import { fuzzOptions } from '../support/options-property.js'

test('whatever it is given, the option checker accepts what can be used or says what is wrong', () => {
  const checker = { checkOptions, SourceTopic, known: native }
  const { checked, accepted } = fuzzOptions(checker, { numRuns: 2000 })
  expect(checked).toBe(2000)
  expect(accepted).toBeGreaterThan(100)
})
