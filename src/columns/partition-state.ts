import type { NativePartitionState } from '../native.js'
import {
  Bool,
  type Data,
  DataType,
  Field,
  Int32,
  Int64,
  makeRecordBatch,
  type RecordBatch,
  Schema,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from './arrow.js'
import { withReadableCells } from './unsafe-timestamps.js'

/** The columns of `partitionState()`, in this order; one row per partition. Timestamps in ms, UTC. */
export type PartitionStateColumns = {
  topic: Utf8
  partition: Int32
  /** first offset of the replay */
  replay_start_offset: Int64
  /** the replay ends before this offset */
  replay_end_offset: Int64
  /** nullable: last offset fetched; null: none yet */
  consumed_offset: Int64
  /** nullable: last offset released; null: none yet */
  released_offset: Int64
  /** nullable: the largest of the record batch fetched last; null: none yet, or it has none */
  last_message_timestamp: TimestampMillisecond
  /** nullable: the option `cutoffMs`, or `until` where that is a time; null: neither was given */
  cutoff: TimestampMillisecond
  /** every record of the partition's replay has been released */
  is_live: Bool
  /** it is not fetched for now, because its share of `maxBufferedBytes` is full */
  is_paused: Bool
  /** number of records released whose timestamp steps back within the partition */
  late_records: Int64
  /** number of offsets without a record batch, on a compacted topic */
  gaps: Int64
  /** the name of its source; empty without the option `sources` */
  source: Utf8
}

/** Readers and types in the order of the columns. */
const COLUMNS: {
  [Name in keyof PartitionStateColumns]: {
    type: PartitionStateColumns[Name]
    nullable?: true
    value(partition: NativePartitionState, cutoffMs: number | null): unknown
  }
} = {
  topic: { type: new Utf8(), value: ({ topic }) => topic },
  partition: { type: new Int32(), value: ({ partition }) => partition },
  replay_start_offset: { type: new Int64(), value: ({ replayStartOffset }) => replayStartOffset },
  replay_end_offset: { type: new Int64(), value: ({ replayEndOffset }) => replayEndOffset },
  consumed_offset: {
    type: new Int64(),
    nullable: true,
    value: ({ consumedOffset }) => consumedOffset,
  },
  released_offset: {
    type: new Int64(),
    nullable: true,
    value: ({ releasedOffset }) => releasedOffset,
  },
  last_message_timestamp: {
    type: new TimestampMillisecond('UTC'),
    nullable: true,
    value: ({ lastMessageTimestamp }) => lastMessageTimestamp,
  },
  cutoff: {
    type: new TimestampMillisecond('UTC'),
    nullable: true,
    value: (_, cutoffMs) => cutoffMs,
  },
  is_live: { type: new Bool(), value: ({ isLive }) => isLive },
  is_paused: { type: new Bool(), value: ({ isPaused }) => isPaused },
  late_records: { type: new Int64(), value: ({ lateRecords }) => lateRecords },
  gaps: { type: new Int64(), value: ({ gaps }) => gaps },
  source: { type: new Utf8(), value: ({ source }) => source },
}

const SCHEMA = new Schema<PartitionStateColumns>(
  Object.entries(COLUMNS).map(([name, { type, nullable }]) => new Field(name, type, nullable)),
)

/** @param cutoffMs epoch ms, or null */
export function toPartitionState(
  partitions: readonly NativePartitionState[],
  cutoffMs: number | null,
): RecordBatch<PartitionStateColumns> {
  const columns = Object.values(COLUMNS).map(({ type, value }) => {
    const values = partitions.map((partition) => value(partition, cutoffMs))
    const data = vectorFromArray(values, type as DataType).data[0] as Data
    return DataType.isTimestamp(type) ? withReadableCells(data as Data<TimestampMillisecond>) : data
  })
  return makeRecordBatch(SCHEMA, partitions.length, columns)
}
