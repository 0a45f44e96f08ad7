// The option checker against anything that JavaScript can hand it: what it gives back can be used
// by native code as it is, and what it refuses ends in one kind of error that gives no secret away.
import assert from 'node:assert/strict'
import fc from 'fast-check'

/**
 * @typedef {{
 *   checkOptions: (options: any, known: any) => any,
 *   SourceTopic: any,
 *   known: { properties(): { name: string, scope: string }[], columns(): { name: string }[] },
 * }} Checker of src or of dist
 */

const CANARY = 'c4n4ry'

/** @param {Checker} checker */
function hostileOptions({ SourceTopic, known }) {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    maxDepth: 2,
  })
  const odd = fc.oneof(
    anything,
    fc.constantFrom(Symbol('s'), () => 1, Number.NaN, -0, 2 ** 53, 1e9, 1e300, '', '\0', '🌊'),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
  )
  /** @param {fc.Arbitrary<unknown>} good */
  const mostly = (good) => fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: odd })
  const callback = fc.func(fc.constant(undefined))
  const topic = mostly(
    fc
      .stringMatching(/^[a-z]{1,3}$/)
      .chain((name) =>
        fc.constantFrom(
          SourceTopic.fromEarliest(name),
          SourceTopic.fromLatest(name),
          SourceTopic.fromAbsoluteTime(name, 1_700_000_000_000),
          SourceTopic.fromRelativeTime(name, 1000),
          SourceTopic.fromStartOfDay(name, { timeZone: 'Asia/Tokyo', partitions: [2] }),
          SourceTopic.fromOffsets(name, { 0: 1n, 7: 2n ** 63n - 1n }),
          SourceTopic.fromCommitted(name, { group: 'etl', otherwise: 'fail' }),
        ),
      ),
  )
  const name = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(...known.properties().map((property) => property.name)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'password',
        'sasl.passwrod',
        '__proto__',
        'constructor',
        'ssl',
        'brokers',
      ),
    },
    { weight: 1, arbitrary: fc.string() },
  )
  const config = fc
    .array(fc.tuple(name, fc.oneof(fc.constant(CANARY), fc.integer(), fc.boolean(), odd)), {
      maxLength: 3,
    })
    .map((entries) => ({ 'bootstrap.servers': 'localhost:9092', ...Object.fromEntries(entries) }))
  /** @param {number} min @param {number} max */
  const integer = (min, max) => mostly(fc.integer({ min, max }))
  const good = {
    config: mostly(config),
    topics: mostly(fc.array(topic, { minLength: 1, maxLength: 3 })),
    batchSize: integer(1, 2 ** 24),
    columns: mostly(fc.shuffledSubarray(known.columns().map((column) => column.name))),
    maxBatchBytes: integer(1024, 2 ** 30),
    maxBufferedBytes: integer(2 ** 20, Number.MAX_SAFE_INTEGER),
    cutoffMs: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, mostly(fc.date())),
    until: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      fc.constantFrom('now', 1_700_000_000_000, { a: { 0: 1n } }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), odd),
      odd,
    ),
    onLateRecord: mostly(fc.constantFrom('count', 'error')),
    isolationLevel: mostly(fc.constantFrom('read_committed', 'read_uncommitted')),
    createTimeoutMs: integer(1, 2 ** 31 - 1),
    closeTimeoutMs: integer(1, 2 ** 31 - 1),
    stallTimeoutMs: fc.oneof(integer(100, 2 ** 31 - 1), fc.constant(Number.POSITIVE_INFINITY)),
    allowUnsafeConfig: mostly(
      fc.subarray(['ssl.providers', 'plugin.library.paths', 'enable.ssl.certificate.verification']),
    ),
    transferable: mostly(fc.boolean()),
    oauthToken: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, callback, odd),
    logger: mostly(callback),
    onEvent: mostly(callback),
  }
  const one = fc.record(good, { requiredKeys: ['config', 'topics'] })
  const { config: _, topics: __, allowUnsafeConfig, oauthToken, ...ofStream } = good
  const ofSource = { config: good.config, topics: good.topics, allowUnsafeConfig, oauthToken }
  const source = fc.record(
    { name: mostly(fc.constantFrom('eu', 'us', 'Ωmega', '🌊')), ...ofSource },
    { requiredKeys: ['name', 'config', 'topics'] },
  )
  const several = fc.record(
    { sources: mostly(fc.array(mostly(source), { minLength: 1, maxLength: 3 })), ...ofStream },
    { requiredKeys: ['sources'] },
  )
  const known_ = fc.oneof({ weight: 2, arbitrary: one }, { weight: 1, arbitrary: several })
  return fc.oneof(
    { weight: 20, arbitrary: known_ },
    {
      weight: 2,
      arbitrary: fc.tuple(known_, name, odd).map(([o, key, v]) => ({ ...o, [key]: v })),
    },
    { weight: 1, arbitrary: anything },
  )
}

/** @param {{ name: string }[]} named */
function assertDifferent(named) {
  assert.equal(new Set(named.map(({ name }) => name)).size, named.length)
}

/** What native code reads without another check. @param {any} native */
function assertUsable(native) {
  assert.ok(native.sources.length > 0)
  assertDifferent(native.sources)
  for (const { name, config, topics } of native.sources) {
    assert.ok(typeof name === 'string' && (name !== '' || native.sources.length === 1))
    for (const [key, value] of Object.entries(config)) assert.equal(typeof value, 'string', key)
    assert.ok(topics.length > 0)
    assertDifferent(topics)
    for (const topic of topics) {
      assert.match(topic.name, /^[a-zA-Z0-9._-]{1,249}$/)
      assert.ok(['earliest', 'latest', 'timestamp', 'none'].includes(topic.start))
      assert.ok(Number.isSafeInteger(topic.timestampMs) && topic.timestampMs >= 0)
      const offsets = [...topic.startOffsets, ...topic.endOffsets]
      for (const { partition } of [...topic.partitions, ...offsets]) {
        assert.ok(Number.isInteger(partition) && partition >= 0 && partition < 2 ** 31)
      }
      for (const { offset } of offsets) {
        assert.ok(typeof offset === 'bigint' && offset >= 0n && offset < 2n ** 63n)
      }
    }
  }
  assert.ok(native.columns.length > 0)
  assert.equal(new Set(native.columns).size, native.columns.length)
  /** @type {[string, number, number][]} */
  const ranges = [
    ['batchSize', 1, 2 ** 24],
    ['maxBatchBytes', 1024, 2 ** 30],
    ['maxBufferedBytes', 2 ** 20, Number.MAX_SAFE_INTEGER],
    ['createTimeoutMs', 1, 2 ** 31 - 1],
    ['closeTimeoutMs', 1, 2 ** 31 - 1],
    ['stallTimeoutMs', 0, 2 ** 31 - 1], // 0: never
  ]
  for (const [key, min, max] of ranges) {
    assert.ok(Number.isSafeInteger(native[key]) && native[key] >= min && native[key] <= max, key)
  }
  assert.ok(native.cutoffMs === null || Number.isSafeInteger(native.cutoffMs))
  const flags = [
    'failOnLateRecord',
    'readCommitted',
    'wantsLogs',
    'wantsClientEvents',
    'transferable',
  ]
  for (const key of flags) {
    assert.equal(typeof native[key], 'boolean', key)
  }
}

/**
 * Throws where the checker does something wrong, with the smallest options for which it does.
 *
 * @param {Checker} checker
 * @param {fc.Parameters<[unknown]>} parameters of fast-check: how many, how long, which seed
 * @returns how many options were checked, and how many of them were accepted
 */
export function fuzzOptions(checker, parameters) {
  const counts = { checked: 0, accepted: 0 }
  const property = fc.property(hostileOptions(checker), (options) => {
    counts.checked++
    let checked
    try {
      checked = checker.checkOptions(options, checker.known)
    } catch (error) {
      const { name, code, message } = /** @type {any} */ (error)
      assert.equal(name, 'TidemarkError', String(error))
      assert.equal(code, 'ERR_INVALID_OPTION')
      assert.ok(message.length > 20 && message.length < 2000, message)
      assert.ok(!message.includes(CANARY), `gives a value of config away: ${message}`)
      return
    }
    assertUsable(checked.native)
    counts.accepted++
  })
  fc.assert(property, parameters)
  return counts
}
