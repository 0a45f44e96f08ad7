import fc from 'fast-check'
import { TidemarkError } from '../../src/errors.js'
import { native } from '../../src/native.js'
import { checkOptions, DEFAULTS } from '../../src/options.js'
import { SourceTopic } from '../../src/source-topic.js'
import { checkProducerOptions } from '../../src/testing/producer-options.js'

const KNOWN = native.properties()
const VALID = {
  config: { 'bootstrap.servers': 'localhost:9092' },
  topics: [SourceTopic.fromEarliest('t')],
}
const NAMES = [
  'config',
  'topics',
  ...Object.keys(DEFAULTS),
  'cutoffMs',
  'oauthToken',
  'logger',
  'onEvent',
]
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

const consumer = (options: unknown) => takesOrRefuses(() => checkOptions(options, KNOWN))
const producer = (options: unknown) => takesOrRefuses(() => checkProducerOptions(options, KNOWN))

test('whatever stands for the options is taken or refused with a TidemarkError', () => {
  fc.assert(
    fc.property(anything, (options) => {
      consumer(options)
      producer(options)
    }),
  )
})

test.each(NAMES)('whatever %s is, it is taken or refused with a TidemarkError', (name) => {
  fc.assert(fc.property(anything, (value) => consumer({ ...VALID, [name]: value })))
})

test('whatever a property is, it is taken or refused with a TidemarkError', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom(...KNOWN.map((property) => property.name)))
  fc.assert(
    fc.property(name, anything, (property, value) => {
      const config = { ...VALID.config, [property]: value }
      consumer({ ...VALID, config })
      producer({ config })
    }),
    { numRuns: 500 },
  )
})

test('whatever a topic starts from, it is taken or refused with a TidemarkError', () => {
  fc.assert(
    fc.property(anything, anything, (name, time) => {
      takesOrRefuses(() => SourceTopic.fromEarliest(name as string))
      takesOrRefuses(() => SourceTopic.fromRelativeTime('t', time as number))
      takesOrRefuses(() => SourceTopic.fromAbsoluteTime('t', time as number))
    }),
  )
})
