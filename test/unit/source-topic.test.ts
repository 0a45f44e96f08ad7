import type { NativeTopic } from '../../src/native.js'
import { isSourceTopic, SourceTopic, toNativeTopic } from '../../src/topics/source-topic.js'
import { nativeTopic } from './native-topic.js'
import { raised } from './raised.js'

const NOW = 1_700_000_000_000

test.each([
  [SourceTopic.fromEarliest('a'), { name: 'a', start: 'earliest', timestampMs: 0 }],
  [SourceTopic.fromLatest('a'), { name: 'a', start: 'latest', timestampMs: 0 }],
  [SourceTopic.fromAbsoluteTime('a', NOW), { name: 'a', start: 'timestamp', timestampMs: NOW }],
  [
    SourceTopic.fromAbsoluteTime('a', new Date(NOW)),
    { name: 'a', start: 'timestamp', timestampMs: NOW },
  ],
  [
    SourceTopic.fromRelativeTime('a', 3_600_000),
    { name: 'a', start: 'timestamp', timestampMs: NOW - 3_600_000 },
  ],
  [SourceTopic.fromRelativeTime('a', 0), { name: 'a', start: 'timestamp', timestampMs: NOW }],
  [SourceTopic.fromRelativeTime('a', 0.5), { name: 'a', start: 'timestamp', timestampMs: NOW }],
])('native code gets %p as it was meant', (topic, expected) => {
  expect(toNativeTopic(topic, NOW)).toEqual(nativeTopic(expected as Partial<NativeTopic>))
})

test.each(['a', 'A.b_c-9', 'x'.repeat(249), '...'])('a topic may have the name %p', (name) => {
  expect(SourceTopic.fromEarliest(name).name).toBe(name)
})

test.each(['', '.', '..', 'a b', 'ä', 'a/b', 'x'.repeat(250), 5, null, undefined, ['a']])(
  'the name %p is refused in every factory',
  (name) => {
    for (const make of [
      () => SourceTopic.fromEarliest(name as string),
      () => SourceTopic.fromLatest(name as string),
      () => SourceTopic.fromRelativeTime(name as string, 1),
      () => SourceTopic.fromAbsoluteTime(name as string, NOW),
    ]) {
      const error = raised(make)
      expect(error.code).toBe('ERR_INVALID_ARGUMENT')
      expect(error.message).toMatch(/name/)
    }
  },
)

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined, new Date(5)])(
  '%p is refused as msAgo',
  (msAgo) => {
    const error = raised(() => SourceTopic.fromRelativeTime('a', msAgo as number))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toContain('msAgo')
  },
)

test('a topic refuses a start before 1970 and names what reads all', () => {
  expect(raised(() => SourceTopic.fromAbsoluteTime('a', -1)).message).toContain('fromEarliest')
})

test('a topic refuses a point in time given for a time span', () => {
  const error = raised(() => SourceTopic.fromRelativeTime('a', Date.now() - 3_600_000))
  expect(error.message).toMatch(/30 years or more.*SourceTopic\.fromAbsoluteTime/)
  const years = 29 * 365 * 86_400_000
  expect(SourceTopic.fromRelativeTime('a', years).start).toEqual({
    at: 'relativeTime',
    msAgo: years,
  })
})

test('a topic refuses seconds given for milliseconds, unless a Date says that they are meant', () => {
  const error = raised(() => SourceTopic.fromAbsoluteTime('a', 1_700_000_000))
  expect(error.message).toContain('looks like seconds')
  expect(SourceTopic.fromAbsoluteTime('a', new Date(1_700_000_000)).start).toEqual({
    at: 'absoluteTime',
    epochMs: 1_700_000_000,
  })
})

test('a SourceTopic cannot be made or changed from outside', () => {
  const construct = SourceTopic as unknown as new (...args: unknown[]) => SourceTopic
  expect(raised(() => new construct('a')).message).toContain('fromEarliest')
  const topic = SourceTopic.fromRelativeTime('a', 5)
  expect(() => Object.assign(topic, { name: 'b' })).toThrow(TypeError)
  expect(() => Object.assign(topic.start, { msAgo: 6 })).toThrow(TypeError)
})

test('a SourceTopic is told from what looks like it', () => {
  expect(isSourceTopic(SourceTopic.fromEarliest('a'))).toBe(true)
  for (const value of ['a', null, undefined, { name: 'a', start: { at: 'earliest' } }]) {
    expect(isSourceTopic(value)).toBe(false)
  }
})
