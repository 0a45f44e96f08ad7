import { toPartitionState } from '../../src/columns/partition-state.js'
import { partition } from './fake-engine.js'

test('partitionState has the columns in order, with their types', () => {
  const { fields } = toPartitionState([], null).schema
  expect(fields.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '?' : ''}`)).toEqual(
    [
      'topic Utf8',
      'partition Int32',
      'replay_start_offset Int64',
      'replay_end_offset Int64',
      'consumed_offset Int64?',
      'released_offset Int64?',
      'last_message_timestamp Timestamp<MILLISECOND, UTC>?',
      'cutoff Timestamp<MILLISECOND, UTC>?',
      'is_live Bool',
      'is_paused Bool',
      'late_records Int64',
      'gaps Int64',
      'source Utf8',
    ],
  )
})

test('partitionState is null where there is nothing to say', () => {
  expect(toPartitionState([partition()], null).get(0)?.toJSON()).toEqual({
    topic: 'trades',
    partition: 0,
    replay_start_offset: 0n,
    replay_end_offset: 10n,
    consumed_offset: null,
    released_offset: null,
    last_message_timestamp: null,
    cutoff: null,
    is_live: false,
    is_paused: false,
    late_records: 0n,
    gaps: 0n,
    source: '',
  })
})

test('partitionState has one row a partition, in the order given', () => {
  const state = toPartitionState(
    [
      partition({ topic: 'quotes', partition: 1 }),
      partition({
        partition: 2,
        replayStartOffset: 2n ** 40n,
        replayEndOffset: 2n ** 41n,
        consumedOffset: 9n,
        releasedOffset: 8n,
        lastMessageTimestamp: -3n,
        isLive: true,
        isPaused: true,
        lateRecords: 4n,
        gaps: 5n,
        source: '',
      }),
    ],
    1_700_000_000_000,
  )
  expect(state.numRows).toBe(2)
  expect(state.get(0)?.toJSON()).toMatchObject({ topic: 'quotes', partition: 1 })
  expect(state.get(1)?.toJSON()).toEqual({
    topic: 'trades',
    partition: 2,
    replay_start_offset: 2n ** 40n,
    replay_end_offset: 2n ** 41n,
    consumed_offset: 9n,
    released_offset: 8n,
    last_message_timestamp: -3,
    cutoff: 1_700_000_000_000,
    is_live: true,
    is_paused: true,
    late_records: 4n,
    gaps: 5n,
    source: '',
  })
})
