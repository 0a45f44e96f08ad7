import { join } from 'node:path'
import { SourceTopic } from '../../src/index.js'
import { native } from '../../src/native.js'
import { checkOptions } from '../../src/options/options.js'
import { raised } from './raised.js'

const config = { 'bootstrap.servers': 'localhost:9092' }
const topics = [SourceTopic.fromEarliest('trades')]
const EU = { name: 'eu', config, topics }
const ARCHIVE = { name: 'archive', segments: '/data', topics }

const check = (sources: unknown, options: object = {}) =>
  checkOptions({ sources, ...options }, native)
const refused = (sources: unknown, options: object = {}) => {
  const error = raised(() => check(sources, options))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  return error.message
}

test('several sources are taken, each with what is its own', () => {
  const oauthToken = async () => ({ token: 'x', lifetimeMs: 1 })
  const us = {
    name: 'us',
    config: {
      ...config,
      'security.protocol': 'sasl_ssl',
      'sasl.mechanisms': 'OAUTHBEARER',
      'ssl.endpoint.identification.algorithm': 'none',
    },
    allowUnsafeConfig: ['ssl.endpoint.identification.algorithm'],
    topics: [SourceTopic.fromLatest('trades'), SourceTopic.fromLatest('quotes')],
    oauthToken,
    capture: { dir: '/capture' },
  }
  const checked = check([EU, us, ARCHIVE], { batchSize: 5, columns: ['source', 'value'] })
  expect(checked.native).toMatchObject({ batchSize: 5, columns: ['source', 'value'] })
  expect(checked.native.sources).toMatchObject([
    { name: 'eu', config, segments: null, topics: [{ name: 'trades' }], capture: null },
    {
      name: 'us',
      config: { 'ssl.endpoint.identification.algorithm': 'none' },
      segments: null,
      topics: [{ name: 'trades' }, { name: 'quotes' }],
      capture: { dir: '/capture' },
    },
    { name: 'archive', config: {}, segments: '/data', topics: [{ name: 'trades' }], capture: null },
  ])
  expect([...checked.oauthTokens]).toEqual([['us', oauthToken]])
})

// The files are opened while the stream is read: a process that changed its directory found none.
test('a folder of segments is made absolute', () => {
  const [{ segments } = {}] = check([{ ...ARCHIVE, segments: 'data' }]).native.sources
  expect(segments).toBe(join(process.cwd(), 'data'))
})

test('one source with a name is taken', () => {
  expect(check([EU]).native.sources).toMatchObject([{ name: 'eu', config }])
})

test.each([
  ['config', config],
  ['segments', '/data'],
  ['topics', topics],
  ['oauthToken', async () => ({ token: 'x', lifetimeMs: 1 })],
  ['allowUnsafeConfig', []],
  ['capture', { dir: '/capture' }],
])('%s beside sources is refused, with where it belongs', (name, value) => {
  expect(refused([EU], { [name]: value })).toBe(
    `sources and ${name} exclude each other: put ${name} into each source that it is of, as ` +
      `sources: [{ name: 'eu', ${name}, … }]`,
  )
})

test.each([
  ['no array', { eu: EU }, 'sources must be an array, as ['],
  ['null', null, 'sources must be an array, as ['],
  ['none', [], 'sources is empty; give one or more, as ['],
  ['no object', [EU, 'us'], 'sources[1] takes an object, { name, config, segments, topics'],
  ['a hole', new Array(1), 'sources[0] takes an object'],
  ['no name', [{ config, topics }], "sources[0].name must be a text that is not empty, as 'eu'"],
  ['an empty name', [{ ...EU, name: '' }], 'sources[0].name must be'],
  ['a number as a name', [EU, { ...EU, name: 5 }], 'sources[1].name must be'],
  ['a name that has no UTF-8', [{ ...EU, name: 'a\ud800' }], 'sources[0].name must be'],
  ['a name twice', [EU, ARCHIVE, { ...ARCHIVE, name: 'eu' }], 'sources has "eu" twice'],
  ['an unknown option', [{ ...EU, topic: 't' }], "sources[0] has no option 'topic'; did you mean"],
  ['an option of the stream', [{ ...EU, batchSize: 1 }], 'give it beside sources'],
  ['a property', [{ ...EU, 'client.id': 'x' }], "in config it is 'client.id'"],
  ['no topics', [EU, { name: 'us', config }], "source 'us': topics must be an array"],
  ['a wrong property', [{ ...EU, config: { nope: 1 } }], "source 'eu': config: librdkafka has no"],
  ['both kinds', [{ ...EU, segments: '/data' }], "source 'eu': segments and config exclude each"],
  ['neither kind', [{ name: 'us', topics }], "source 'us': nothing says what to read: give config"],
  [
    'a capture of segments',
    [{ ...ARCHIVE, capture: { dir: '/c' } }],
    "source 'archive': segments and capture exclude each other",
  ],
])('sources with %s are refused', (_, sources, message) => {
  expect(refused(sources)).toContain(message)
})

test('an option of a source that is refused names it', () => {
  expect(raised(() => check([EU, { ...EU, name: 'us', topics: [] }])).source).toBe('us')
})

test.each([
  ['/capture', '/capture'],
  ['/capture', '/capture/us'],
  ['/capture/eu', '/capture/'],
  ['/', '/capture'],
])('two captures that would write into one folder are refused: %s and %s', (eu, us) => {
  const sources = [
    { ...EU, capture: { dir: eu } },
    { ...EU, name: 'us', capture: { dir: us } },
  ]
  expect(refused(sources)).toContain("the captures of the sources 'eu' and 'us' share a folder")
})

test('captures in folders of one folder are taken', () => {
  const dirs = ['/capture/eu', '/capture/eu2', '/capture/us']
  const sources = dirs.map((dir) => ({ ...EU, name: dir, capture: { dir } }))
  expect(check(sources).native.sources.map(({ capture }) => capture?.dir)).toEqual(dirs)
})
