// The names of the options stand in two languages. Native code must say which one it misses: a zero in
// its place turned the stall timeout off without a word.
import { native } from '../../src/native.js'
import { checkOptions } from '../../src/options.js'
import { SourceTopic } from '../../src/source-topic.js'

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

it.each(['name', 'start', 'timestampMs'])('native code misses %s of a topic', (name) => {
  const [topic] = options().topics
  const topics = [{ ...topic, [name]: undefined }]
  expect(start({ ...options(), topics })).toThrow(`topics[].${name} is not`)
})
