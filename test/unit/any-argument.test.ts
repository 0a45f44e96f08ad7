import fc from 'fast-check'
import { TidemarkError } from '../../src/errors.js'
import { native } from '../../src/native.js'
import { checkProducerOptions } from '../../src/testing/producer-options.js'
import { SourceTopic } from '../../src/topics/source-topic.js'

// The options of a ConsumerManager: options-fuzz.test.ts.

const KNOWN = native.properties()
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
})

/** Throws unless what it is given is accepted, or refused by a TidemarkError with a message. */
function takesOrRefuses(check: () => unknown): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error
    expect(error.code).toMatch(/^ERR_INVALID_(OPTION|ARGUMENT)$/)
    expect(error.message.length).toBeGreaterThan(10)
  }
}

const producer = (options: unknown) => takesOrRefuses(() => checkProducerOptions(options, KNOWN))

test('whatever stands for the options of a producer is taken or refused', () => {
  fc.assert(fc.property(anything, (options) => producer(options)))
})

test.each(['config', 'timeoutMs', 'closeTimeoutMs', 'allowUnsafeConfig'])(
  'whatever %s of a producer is, it is taken or refused',
  (name) => {
    const config = { 'bootstrap.servers': 'localhost:9092' }
    fc.assert(fc.property(anything, (value) => producer({ config, [name]: value })))
  },
)

test('whatever a property of a producer is, it is taken or refused', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom(...KNOWN.map((property) => property.name)))
  fc.assert(
    fc.property(name, anything, (property, value) =>
      producer({ config: { 'bootstrap.servers': 'localhost:9092', [property]: value } }),
    ),
    { numRuns: 500 },
  )
})

test('whatever a topic starts from, it is taken or refused', () => {
  fc.assert(
    fc.property(anything, anything, (name, time) => {
      takesOrRefuses(() => SourceTopic.fromEarliest(name as string))
      takesOrRefuses(() => SourceTopic.fromRelativeTime('t', time as number))
      takesOrRefuses(() => SourceTopic.fromAbsoluteTime('t', time as number))
    }),
  )
})
