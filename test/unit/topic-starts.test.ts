import { SourceTopic } from '../../src/index.js'
import { toNativeTopic } from '../../src/topics/source-topic.js'
import { nativeTopic } from './native-topic.js'
import { raised } from './raised.js'

const NOW = 1_700_000_000_000
const native = (topic: SourceTopic) => toNativeTopic(topic, NOW)
const message = (make: () => unknown) => {
  const error = raised(make)
  expect(error.code).toBe('ERR_INVALID_ARGUMENT')
  return error.message
}

test('native code gets offsets, from a record or a Map', () => {
  const startOffsets = [
    { partition: 0, offset: 12n },
    { partition: 3, offset: 2n ** 62n },
  ]
  expect(native(SourceTopic.fromOffsets('a', { 0: 12, 3: 2n ** 62n }))).toEqual(
    nativeTopic({ start: 'none', startOffsets }),
  )
  const offsets = new Map<number, bigint | number>([
    [3, 2n ** 62n],
    [0, 12n],
  ])
  const topic = SourceTopic.fromOffsets('a', offsets, { others: 'latest', outOfRange: 'earliest' })
  offsets.clear()
  expect(native(topic)).toEqual(
    nativeTopic({ start: 'latest', startOffsets, outOfRange: 'earliest' }),
  )
})

test.each([
  [undefined, 'must be offsets by partition, as { 0: 12n, 3: 40n } or a Map, not undefined'],
  [[12n], 'not an array'],
  [new Date(), 'not an instance of Date'],
  [{}, 'offsets is empty'],
  [new Map(), 'offsets is empty'],
  [{ 0: -1 }, 'partition 0: an offset must be a bigint or an integer, 0 or more, not -1'],
  [{ 0: 0.5 }, 'not 0.5'],
  [{ 1: '5' }, 'partition 1: an offset must be'],
  [{ 0: 2 ** 53 }, 'give a bigint'],
  [{ 0: 2n ** 63n }, 'an offset must be'],
  [{ '-1': 1n }, 'has "-1", which is no partition'],
  [{ p0: 1n }, 'has "p0", which is no partition'],
  [{ [2 ** 31]: 1n }, 'which is no partition'],
  [new Map([['x', 1n]]), 'has "x", which is no partition'],
])('%p is refused as offsets', (offsets, expected) => {
  expect(message(() => SourceTopic.fromOffsets('a', offsets as never))).toContain(expected)
})

test('native code gets the group, and where to start without its commit', () => {
  const from = (otherwise: 'earliest' | 'latest' | 'fail' | number | Date) =>
    native(SourceTopic.fromCommitted('a', { group: 'etl', otherwise }))
  expect(from('earliest')).toEqual(nativeTopic({ group: 'etl', start: 'earliest' }))
  expect(from('latest')).toEqual(nativeTopic({ group: 'etl', start: 'latest' }))
  expect(from('fail')).toEqual(nativeTopic({ group: 'etl', start: 'none' }))
  const timed = nativeTopic({ group: 'etl', start: 'timestamp', timestampMs: NOW })
  expect(from(NOW)).toEqual(timed)
  expect(from(new Date(NOW))).toEqual(timed)
})

test('fromCommitted wants a group and, without a default, where to start otherwise', () => {
  const from = (options: object) => message(() => SourceTopic.fromCommitted('a', options as never))
  expect(from({ group: 'etl' })).toContain('otherwise says where the partitions start')
  expect(from({ group: 'etl', otherwise: 'end' })).toContain("'earliest', 'latest' or 'fail'")
  expect(from({ group: 'etl', otherwise: -1 })).toContain('otherwise lies before 1970')
  expect(from({ group: '', otherwise: 'fail' })).toContain('group must be the name of')
  expect(from({ otherwise: 'fail' })).toContain('group must be the name of')
  expect(from({ group: 'etl', otherwise: 'fail', outOfRange: 'skip' })).toContain('outOfRange must')
})

test('every factory takes partitions', () => {
  const options = { partitions: [3, 0] }
  const partitions = [{ partition: 0 }, { partition: 3 }]
  for (const topic of [
    SourceTopic.fromEarliest('a', options),
    SourceTopic.fromLatest('a', options),
    SourceTopic.fromRelativeTime('a', 5, options),
    SourceTopic.fromAbsoluteTime('a', NOW, options),
    SourceTopic.fromStartOfDay('a', { timeZone: 'UTC', ...options }),
    SourceTopic.fromOffsets('a', { 0: 1n }, { others: 'latest', ...options }),
    SourceTopic.fromCommitted('a', { group: 'etl', otherwise: 'fail', ...options }),
  ]) {
    expect(topic.partitions).toEqual([0, 3])
    expect(native(topic).partitions).toEqual(partitions)
  }
  expect(native(SourceTopic.fromEarliest('a')).partitions).toEqual([])
})

test.each([
  [5, 'must be an array of partition numbers, as [0, 3], not 5'],
  [[], 'partitions is empty'],
  [[0, -1], 'has -1, which is no partition'],
  [[0.5], 'has 0.5'],
  [['0'], 'has "0"'],
  [[2 ** 31], 'which is no partition'],
  [[1, 1], 'has partition 1 twice'],
])('%p is refused as partitions', (partitions, expected) => {
  const make = () => SourceTopic.fromEarliest('a', { partitions } as never)
  expect(message(make)).toContain(expected)
})

test('offsets of a partition that is not read are refused', () => {
  const make = () => SourceTopic.fromOffsets('a', { 0: 1n, 2: 1n }, { partitions: [0, 1] })
  expect(message(make)).toContain('offsets has partition 2, which partitions leaves out')
})

test('an option that a factory does not have is refused, with the one that was meant', () => {
  const make = () => SourceTopic.fromEarliest('a', { partition: [0] } as never)
  expect(message(make)).toContain("did you mean 'partitions'")
  const index = () => SourceTopic.fromEarliest('a', 0 as never)
  expect(message(index)).toContain('SourceTopic.fromEarliest takes an object')
})
