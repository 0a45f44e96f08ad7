import { native } from '../../src/native.js'
import { checkOptions } from '../../src/options/options.js'
import { SourceTopic } from '../../src/topics/source-topic.js'
import { raised } from './raised.js'

const TIME = 1_700_000_000_000
const config = { 'bootstrap.servers': 'localhost:9092' }
const topics = [SourceTopic.fromEarliest('trades'), SourceTopic.fromEarliest('quotes')]
const check = (options: object) => checkOptions({ config, topics, ...options }, native).native
const refused = (options: object) => {
  const error = raised(() => check(options))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  return error.message
}

test('native code gets the end of a stream', () => {
  const none = { cutoffMs: null, endsAfterReplay: false, endsAtOffsets: false }
  expect(check({})).toMatchObject(none)
  expect(check({ cutoffMs: TIME })).toMatchObject({ ...none, cutoffMs: TIME })
  const ends = { ...none, endsAfterReplay: true }
  expect(check({ until: 'now' })).toMatchObject(ends)
  expect(check({ until: TIME })).toMatchObject({ ...ends, cutoffMs: TIME })
  expect(check({ until: new Date(TIME) })).toMatchObject({ ...ends, cutoffMs: TIME })
  const atOffsets = check({ until: { quotes: { 1: 7 }, trades: new Map([[0, 5n]]) } })
  expect(atOffsets).toMatchObject({ ...ends, endsAtOffsets: true })
  expect(atOffsets.sources[0]?.topics.map(({ endOffsets }) => endOffsets)).toEqual([
    [{ partition: 0, offset: 5n }],
    [{ partition: 1, offset: 7n }],
  ])
})

test('with sources, the offsets of an end are by source', () => {
  const sources = ['eu', 'us'].map((name) => ({ name, config, topics: [topics[0]] }))
  const both = (until: object) =>
    check({ config: undefined, topics: undefined, sources, until }).sources.map(
      (source) => source.topics[0]?.endOffsets,
    )
  expect(both({ eu: { trades: { 0: 5n } }, us: { trades: { 0: 6n } } })).toEqual([
    [{ partition: 0, offset: 5n }],
    [{ partition: 0, offset: 6n }],
  ])
  const lacking = raised(() => both({ eu: { trades: { 0: 5n } } }))
  expect(lacking.message).toContain('until has no offsets for this source')
  const ends = { eu: { trades: { 0: 5n } }, us: { trades: { 0: 5n } }, asia: {} }
  expect(raised(() => both(ends)).message).toContain('"asia", which is none of the sources')
})

test.each([
  ['tomorrow', "must be 'now', a time that is past, or offsets"],
  ['2025-01-31T09:00:00Z', "must be 'now'"],
  [1_700_000_000, 'looks like seconds'],
  [new Date(Number.NaN), 'is not a time'],
  [null, 'not null'],
  [[], 'not an array'],
  [{ trades: { 0: 1n } }, "has no offsets for topic 'quotes'"],
  [{ trades: { 0: 1n }, quotes: { 0: 1n }, fills: { 0: 1n } }, '"fills", which is no topic'],
  [{ trades: { 0: -1n }, quotes: { 0: 1n } }, 'until.trades, partition 0: an offset must be'],
  [{ trades: {}, quotes: { 0: 1n } }, 'until.trades is empty'],
])('%p is refused as an end', (until, expected) => {
  expect(refused({ until })).toContain(expected)
})

test('an end in the future is refused, with the reason', () => {
  expect(refused({ until: new Date(Date.now() + 60_000) })).toMatch(
    /lies in the future.*No log says that no older record will come/,
  )
})

test('until and cutoffMs exclude each other', () => {
  expect(refused({ until: 'now', cutoffMs: TIME })).toContain('until and cutoffMs exclude')
})

test('segments have no commits to start at', () => {
  const committed = SourceTopic.fromCommitted('trades', { group: 'etl', otherwise: 'earliest' })
  const message = refused({ config: undefined, segments: '/data', topics: [committed] })
  expect(message).toContain('which segments do not have')
})
