// The names of the options stand in two languages. Native code must say which one it misses: a zero in
// its place turned the stall timeout off without a word.
import { native } from '../../src/native.js'
import { checkOptions } from '../../src/options/options.js'
import { SourceTopic } from '../../src/topics/source-topic.js'

const options = () =>
  checkOptions(
    { config: { 'bootstrap.servers': '127.0.0.1:1' }, topics: [SourceTopic.fromEarliest('t')] },
    native,
  ).native

const start = (given: object) => () => new native.Engine(given as never, () => {})

const names = Object.keys(options()) as (keyof ReturnType<typeof options>)[]

it.each(names)('native code misses the option %s', (name) => {
  const { [name]: _, ...rest } = options()
  expect(start(rest)).toThrow(`options.${String(name)} is not`)
})

it('native code refuses an option that it does not know', () => {
  expect(start({ ...options(), batchsize: 1 })).toThrow('options.batchsize is not known')
})

const sourceWith = (changes: object) => [{ ...options().sources[0], ...changes }]

it.each(['name', 'config', 'segments', 'topics', 'capture'])(
  'native code misses %s of a source',
  (name) => {
    const sources = sourceWith({ [name]: undefined })
    expect(start({ ...options(), sources })).toThrow(`sources[].${name} is not`)
  },
)

it('native code refuses an option of a source that it does not know', () => {
  const sources = sourceWith({ topic: 1 })
  expect(start({ ...options(), sources })).toThrow('sources[].topic is not known')
})

it.each([
  ...['name', 'start', 'timestampMs', 'partitions', 'startOffsets', 'group', 'outOfRange'],
  'endOffsets',
])('native code misses %s of a topic', (name) => {
  const topic = options().sources[0]?.topics[0]
  const sources = sourceWith({ topics: [{ ...topic, [name]: undefined }] })
  expect(start({ ...options(), sources })).toThrow(`topics[].${name} is not`)
})
