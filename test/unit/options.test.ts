import { native } from '../../src/native.js'
import { type CheckedOptions, checkOptions, OPTION_NAMES } from '../../src/options/options.js'
import { SourceTopic } from '../../src/topics/source-topic.js'
import { nativeTopic } from './native-topic.js'
import { raised } from './raised.js'

const MIB = 1024 * 1024
const CONFIG = { 'bootstrap.servers': 'localhost:9092' }
const TOPICS = [SourceTopic.fromEarliest('trades')]

const check = (options: object): CheckedOptions =>
  checkOptions({ config: CONFIG, topics: TOPICS, ...options }, native)
const refused = (work: () => unknown) => {
  const error = raised(work)
  expect(error.code).toBe('ERR_INVALID_OPTION')
  return error.message
}

test('options take a folder of segments in place of config, and nothing that is of a client', () => {
  const take = (options: object) =>
    checkOptions({ segments: '/data', topics: TOPICS, ...options }, native)
  expect(take({}).native.sources).toMatchObject([{ config: {}, segments: '/data' }])
  expect(refused(() => take({ config: CONFIG }))).toContain(
    'segments and config exclude each other',
  )
  const oauthToken = async () => ({ token: 'x', lifetimeMs: 1 })
  expect(refused(() => take({ oauthToken }))).toContain('leave out oauthToken')
  expect(refused(() => take({ allowUnsafeConfig: [] }))).toContain('leave out allowUnsafeConfig')
  for (const segments of ['', 'a\0b', 5, ['/data'], null]) {
    expect(refused(() => take({ segments }))).toContain('segments must be the path of a folder')
  }
})

test('options get every default', () => {
  expect(check({})).toEqual({
    native: {
      sources: [
        {
          name: '',
          config: CONFIG,
          segments: null,
          topics: [nativeTopic({ name: 'trades', start: 'earliest' })],
          capture: null,
        },
      ],
      columns: ['key', 'value', 'topic', 'partition', 'offset', 'timestamp'],
      batchSize: 10_000,
      maxBatchBytes: 16 * MIB,
      maxBufferedBytes: 256 * MIB,
      bufferedBytesMayGrow: true,
      cutoffMs: null,
      resume: null,
      endsAfterReplay: false,
      endsAtOffsets: false,
      failOnLateRecord: false,
      readCommitted: true,
      digest: false,
      createTimeoutMs: 30_000,
      closeTimeoutMs: 5_000,
      stallTimeoutMs: 60_000,
      wantsLogs: false,
      wantsClientEvents: false,
      transferable: false,
    },
    oauthTokens: new Map(),
    logger: undefined,
    onEvent: undefined,
  })
})

test('an option that is undefined is the same as left out', () => {
  const names = OPTION_NAMES.filter((name) => name !== 'config' && name !== 'topics')
  expect(check(Object.fromEntries(names.map((name) => [name, undefined])))).toEqual(check({}))
})

test.each([
  [{ batchSize: 1 }, { batchSize: 1 }],
  [{ batchSize: 16_777_216 }, { batchSize: 16_777_216 }],
  [{ maxBatchBytes: 1024 }, { maxBatchBytes: 1024 }],
  [{ maxBatchBytes: 1024 * MIB }, { maxBatchBytes: 1024 * MIB }],
  [{ maxBufferedBytes: MIB }, { maxBufferedBytes: MIB, bufferedBytesMayGrow: false }],
  [{ maxBufferedBytes: undefined }, { maxBufferedBytes: 256 * MIB, bufferedBytesMayGrow: true }],
  [{ maxBufferedBytes: 2 ** 40 }, { maxBufferedBytes: 2 ** 40 }],
  [{ cutoffMs: 1_700_000_000_000 }, { cutoffMs: 1_700_000_000_000 }],
  [{ cutoffMs: new Date(1_700_000_000) }, { cutoffMs: 1_700_000_000 }],
  [{ cutoffMs: 0 }, { cutoffMs: 0 }],
  [{ onLateRecord: 'count' }, { failOnLateRecord: false }],
  [{ onLateRecord: 'error' }, { failOnLateRecord: true }],
  [{ isolationLevel: 'read_committed' }, { readCommitted: true }],
  [{ isolationLevel: 'read_uncommitted' }, { readCommitted: false }],
  [{ createTimeoutMs: 1 }, { createTimeoutMs: 1 }],
  [{ closeTimeoutMs: 2 ** 31 - 1 }, { closeTimeoutMs: 2 ** 31 - 1 }],
  [{ stallTimeoutMs: 100 }, { stallTimeoutMs: 100 }],
  [{ stallTimeoutMs: Number.POSITIVE_INFINITY }, { stallTimeoutMs: 0 }],
  [{ transferable: true }, { transferable: true }],
])('%p is accepted as an option', (options, expected) => {
  expect(check(options).native).toMatchObject(expected)
})

test('callbacks are accepted as options', () => {
  const oauthToken = async () => ({ token: 'x', lifetimeMs: 1 })
  const logger = () => {}
  const onEvent = () => {}
  const config = {
    ...CONFIG,
    'security.protocol': 'sasl_ssl',
    'sasl.mechanisms': 'OAUTHBEARER',
  }
  expect(check({ config, oauthToken, logger, onEvent })).toMatchObject({
    native: { wantsLogs: true, wantsClientEvents: true },
    oauthTokens: new Map([['', oauthToken]]),
    logger,
    onEvent,
  })
})

const WRONG_FOR_ALL = [null, Symbol('x'), {}, [1]]
const NUMBERS = [
  'batchSize',
  'maxBatchBytes',
  'maxBufferedBytes',
  'createTimeoutMs',
  'closeTimeoutMs',
]
const NOT_A_COUNT = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', 5n, true, () => {}]
test.each([
  ...NUMBERS.flatMap((name) => [...WRONG_FOR_ALL, ...NOT_A_COUNT].map((value) => [name, value])),
  ['batchSize', 16_777_217],
  ['maxBatchBytes', 1023],
  ['maxBatchBytes', 1024 * MIB + 1],
  ['maxBufferedBytes', MIB - 1],
  ['maxBufferedBytes', 2 ** 53],
  ['createTimeoutMs', 2 ** 31],
  ...[
    ...WRONG_FOR_ALL,
    0,
    99,
    -1,
    100.5,
    Number.NaN,
    -Number.POSITIVE_INFINITY,
    2 ** 31,
    '100',
    true,
  ].map((value) => ['stallTimeoutMs', value]),
  ...[
    null,
    Symbol('x'),
    {},
    'ssl.providers',
    5,
    true,
    [5],
    [null],
    ['client.id'],
    ['toString'],
  ].map((value) => ['allowUnsafeConfig', value]),
  ['closeTimeoutMs', 2 ** 31],
  ...[...WRONG_FOR_ALL, Number.NaN, '2024-01-01', 5n, true, () => {}, 1_700_000_000].map(
    (value) => ['cutoffMs', value],
  ),
  ...[...WRONG_FOR_ALL, 'Count', '', 5, true, () => {}].map((value) => ['onLateRecord', value]),
  ...[...WRONG_FOR_ALL, 'committed', 5, true, () => {}].map((value) => ['isolationLevel', value]),
  ...[...WRONG_FOR_ALL, 'true', 0, 1, () => {}].map((value) => ['transferable', value]),
  ...[...WRONG_FOR_ALL, 'token', 0, true].map((value) => ['oauthToken', value]),
  ...[...WRONG_FOR_ALL, 'console', 0, true].map((value) => ['logger', value]),
  ...[...WRONG_FOR_ALL, 'emit', 0, true].map((value) => ['onEvent', value]),
  ...[...WRONG_FOR_ALL, 'trades', 0, true, () => {}].map((value) => ['topics', value]),
  ...[null, Symbol('x'), [1], 'localhost', 0, true, () => {}].map((value) => ['config', value]),
])('option %s refuses %p', (name, value) => {
  const message = refused(() => check({ [name as string]: value }))
  expect(message).toMatch(new RegExp(`^${name as string}`))
})

test('an option that is refused says what was given, and what may be', () => {
  expect(refused(() => check({ batchSize: '5' }))).toBe(
    'batchSize must be an integer from 1 to 16,777,216, not "5"',
  )
  expect(refused(() => check({ onLateRecord: 'fail' }))).toBe(
    "onLateRecord must be 'count' or 'error', not \"fail\"",
  )
  expect(refused(() => check({ cutoffMs: 1_700_000_000 }))).toContain('looks like seconds')
})

test('columns are taken by name, in their order', () => {
  const columns = ['value', 'timestamp', 'key']
  expect(check({ columns }).native.columns).toEqual(columns)
})

test.each([
  ['key', "columns must be an array of names, as ['key', 'value'], not \"key\""],
  [[], "columns is empty; name one or more of 'key', 'value', 'topic'"],
  [['key', 5], "columns must hold names, not 5; there are 'key', 'value', 'topic'"],
  [
    ['key', 'time_stamp'],
    "columns has 'time_stamp', which is no column; did you mean 'timestamp'?",
  ],
  [['headers!'], "columns has 'headers!', which is no column; there are 'key', 'value', 'topic'"],
  [['key', 'value', 'key'], "columns has 'key' twice; name each column once"],
])('%p is refused as columns', (columns, message) => {
  expect(refused(() => check({ columns }))).toContain(message)
})

test.each([undefined, null, 5, 'x', [], () => {}])(
  '%p is refused in place of options',
  (options) => {
    expect(refused(() => checkOptions(options, native))).toContain(
      'takes an object, { config, segments, topics, ',
    )
  },
)

test.each([
  ['batchsize', 'batchSize'],
  ['batch_size', 'batchSize'],
  ['topic', 'topics'],
  ['maxBufferBytes', 'maxBufferedBytes'],
  ['cutoff', 'cutoffMs'],
])('a misspelt option is told what it was to be: %s', (name, meant) => {
  expect(refused(() => check({ [name]: 1 }))).toBe(
    `ConsumerManager.create has no option '${name}'; did you mean '${meant}'?`,
  )
})

test.each(['toString', 'constructor', 'groupInstance'])('there is no option %s', (name) => {
  expect(refused(() => check({ [name]: 1 }))).toContain(`has no option '${name}'`)
})

describe('the option topics', () => {
  test('refuses an empty list', () => {
    expect(refused(() => check({ topics: [] }))).toContain('topics is empty')
  })
  test('refuses a topic that is named twice', () => {
    const topics = [SourceTopic.fromEarliest('a'), SourceTopic.fromLatest('a')]
    expect(refused(() => check({ topics }))).toContain("'a' twice")
  })
  test.each(['a', null, undefined, { name: 'a' }])('refuses %p as a topic', (topic) => {
    expect(refused(() => check({ topics: [...TOPICS, topic] }))).toContain('topics[1]')
  })
  test('refuses a hole as a topic', () => {
    expect(refused(() => check({ topics: new Array(1) }))).toContain('topics[0]')
  })
  test('counts relative starts from now', () => {
    const before = Date.now()
    const { sources } = check({ topics: [SourceTopic.fromRelativeTime('a', 1000)] }).native
    const timestampMs = sources[0]?.topics[0]?.timestampMs
    expect(timestampMs).toBeGreaterThanOrEqual(before - 1000)
    expect(timestampMs).toBeLessThanOrEqual(Date.now() - 1000)
  })
})

test('each option is read once', () => {
  let reads = 0
  const options = {
    get batchSize() {
      return ++reads
    },
    config: CONFIG,
    topics: TOPICS,
  }
  expect(checkOptions(options, native).native.batchSize).toBe(1)
  expect(reads).toBe(1)
})

test('a change of options afterwards has no effect', () => {
  const config = { ...CONFIG }
  const topics = [...TOPICS]
  const checked = check({ config, topics })
  config['bootstrap.servers'] = 'elsewhere:1'
  topics.pop()
  const [source] = checked.native.sources
  expect(source?.config).toEqual(CONFIG)
  expect(source?.topics).toHaveLength(1)
  expect(Object.isFrozen(source?.config)).toBe(true)
})
