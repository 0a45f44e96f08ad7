import {
  type ColumnName,
  ConsumerManager,
  type ConsumerManagerOptions,
  type MultiSourceOptions,
  SourceTopic,
} from '../../src/index.js'
import { native } from '../../src/native.js'
import { checkOptions } from '../../src/options/options.js'
import { raised } from './raised.js'

const config = { 'bootstrap.servers': 'localhost:9092' }
const topics = [SourceTopic.fromEarliest('trades')]
const segments = '/data'
const capture = { dir: '/capture' }
const oauthToken = async () => ({ token: 't', lifetimeMs: 1 })
const EU = { name: 'eu', config, topics }

/** What lint compiles, and nothing runs: an error that is expected and missing is one. */
const compiled = (..._programs: ((...given: never[]) => unknown)[]) => undefined

test('options that are complete compile', () => {
  const six: ConsumerManagerOptions = { config, topics }
  const two: ConsumerManagerOptions<'source' | 'value'> = {
    segments,
    topics,
    columns: ['source', 'value'],
  }
  const many: MultiSourceOptions<'source'> = { sources: [EU], columns: ['source'] }
  const spread = { config, topics }
  compiled(
    async () => (await (await ConsumerManager.create(six)).poll()).getChild('key'),
    async () => (await (await ConsumerManager.create(two)).poll()).getChild('source'),
    async () => (await (await ConsumerManager.create(many)).poll()).getChild('source'),
    async () => {
      const manager = await ConsumerManager.create({
        config,
        topics,
        columns: ['offset', 'source'],
      })
      return (await manager.poll()).getChild('source')
    },
    () => ConsumerManager.create({ ...spread, capture: { dir: '/capture', onError: 'stream' } }),
    () => ConsumerManager.create({ ...spread, oauthToken }),
    () => ConsumerManager.create({ sources: [EU, { name: 'archive', segments, topics }] }),
    // A function of a program's own around it.
    <Name extends ColumnName>(options: ConsumerManagerOptions<Name>) =>
      ConsumerManager.create(options),
  )
})

test('columns that are not chosen are none of the batch', () => {
  compiled(
    // @ts-expect-error: the column of the type, and no option that has it
    () => ConsumerManager.create<'source'>({ config, topics }),
    // @ts-expect-error: the option, and nothing in it
    () => ConsumerManager.create<'source'>({ config, topics, columns: undefined }),
    // @ts-expect-error: the same beside columns that are there by default
    () => ConsumerManager.create<'source' | 'key'>({ config, topics }),
    // @ts-expect-error: fewer than the default ones
    () => ConsumerManager.create<'key'>({ config, topics }),
    // @ts-expect-error: of several sources
    () => ConsumerManager.create<'source'>({ sources: [EU] }),
    // @ts-expect-error: the option has another
    () => ConsumerManager.create<'source'>({ config, topics, columns: ['key'] }),
    async () => {
      const manager = await ConsumerManager.create({ config, topics, columns: ['value'] })
      // @ts-expect-error: it was not chosen
      return (await manager.poll()).getChild('key')
    },
    async () => {
      const manager = await ConsumerManager.create({ config, topics })
      // @ts-expect-error: not one of the default columns
      return (await manager.poll()).getChild('source')
    },
  )
})

test('options without a source, and of two kinds of source, do not compile', () => {
  compiled(
    // @ts-expect-error: neither config, segments nor sources
    () => ConsumerManager.create({ topics }),
    // @ts-expect-error: no topics
    () => ConsumerManager.create({ config }),
    // @ts-expect-error: config beside segments
    () => ConsumerManager.create({ config, segments, topics }),
    // @ts-expect-error: a capture of segments
    () => ConsumerManager.create({ segments, topics, capture }),
    // @ts-expect-error: a token for segments
    () => ConsumerManager.create({ segments, topics, oauthToken }),
    // @ts-expect-error: config beside sources
    () => ConsumerManager.create({ sources: [EU], config }),
    // @ts-expect-error: segments beside sources
    () => ConsumerManager.create({ sources: [EU], segments }),
    // @ts-expect-error: topics beside sources
    () => ConsumerManager.create({ sources: [EU], topics }),
    // @ts-expect-error: all that one source has, beside sources
    () => ConsumerManager.create({ sources: [EU], config, topics }),
  )
})

test('a source of several that is incomplete, or of two kinds, does not compile', () => {
  compiled(
    // @ts-expect-error: no name
    () => ConsumerManager.create({ sources: [{ config, topics }] }),
    // @ts-expect-error: no topics
    () => ConsumerManager.create({ sources: [{ name: 'eu', config }] }),
    // @ts-expect-error: neither config nor segments
    () => ConsumerManager.create({ sources: [{ name: 'eu', topics }] }),
    // @ts-expect-error: both of them
    () => ConsumerManager.create({ sources: [{ ...EU, segments }] }),
    // @ts-expect-error: a capture of segments
    () => ConsumerManager.create({ sources: [{ name: 'eu', segments, topics, capture }] }),
    // @ts-expect-error: an option of the stream in a source
    () => ConsumerManager.create({ sources: [{ name: 'eu', config, topics, batchSize: 5 }] }),
  )
})

test('options without a source are refused, with all that may be one', () => {
  const error = raised(() => checkOptions({ topics }, native))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).toBe(
    "nothing says what to read: give config for brokers, as { 'bootstrap.servers': 'host:9092' }, " +
      "or segments for a folder with log segments, as '/var/lib/kafka/data', or sources for several " +
      'of these',
  )
})
