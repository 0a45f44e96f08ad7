import type { Row } from './rows.js'

/** Where the replay of a topic starts. */
export type Start = 'earliest' | 'latest' | { epochMs: bigint }

export interface ReplayRules {
  /** Left out: all from earliest. */
  startOf?(topic: string): Start
  cutoffMs?: bigint | undefined
}

/** What is to come of a log. */
export interface Expected {
  /** In the order in which they are to come. */
  replay: Row[]
  /** Of each partition those that the cutoff left to live. */
  live: Map<string, Row[]>
  /** Of each partition in the replay. */
  lateRecords: Map<string, number>
}

/** Below every timestamp: a record without one that is the first of its partition. */
const SMALLEST_KEY = -(2n ** 63n)

/**
 * What tidemark must give, found by sorting: the merge key of a record is the largest timestamp of
 * its partition up to it, and records go by merge key, topic, partition, offset.
 *
 * @param log each partition's records in the order of their offsets
 */
export function expectedOf(log: Iterable<Row>, rules: ReplayRules = {}): Expected {
  const replay: { mergeKey: bigint; row: Row }[] = []
  const live = new Map<string, Row[]>()
  const lateRecords = new Map<string, number>()
  for (const [name, rows] of partitionsOf(log)) {
    let mergeKey = SMALLEST_KEY
    let late = 0
    const left: Row[] = []
    for (const row of rows.slice(startIndex(rows, rules))) {
      const { timestamp } = row
      if (left.length > 0 || (timestamp !== null && isPast(timestamp, rules.cutoffMs))) {
        left.push(row)
        continue
      }
      if (timestamp !== null && timestamp < mergeKey) late++
      if (timestamp !== null && timestamp > mergeKey) mergeKey = timestamp
      replay.push({ mergeKey, row })
    }
    live.set(name, left)
    lateRecords.set(name, late)
  }
  replay.sort(
    (a, b) =>
      compare(a.mergeKey, b.mergeKey) ||
      compare(a.row.topic, b.row.topic) ||
      compare(a.row.partition, b.row.partition) ||
      compare(a.row.offset, b.row.offset),
  )
  return { replay: replay.map(({ row }) => row), live, lateRecords }
}

/** By `topic-partition`. */
export function partitionsOf(log: Iterable<Row>): Map<string, Row[]> {
  const partitions = new Map<string, Row[]>()
  for (const row of log) {
    const name = `${row.topic}-${row.partition}`
    const rows = partitions.get(name)
    if (rows) rows.push(row)
    else partitions.set(name, [row])
  }
  return partitions
}

function startIndex(rows: Row[], { startOf }: ReplayRules): number {
  const start = startOf?.(rows[0]?.topic ?? '') ?? 'earliest'
  if (start === 'earliest') return 0
  if (start === 'latest') return rows.length
  const found = rows.findIndex(({ timestamp }) => timestamp !== null && timestamp >= start.epochMs)
  return found < 0 ? rows.length : found
}

function isPast(timestamp: bigint, cutoffMs: bigint | undefined): boolean {
  return cutoffMs !== undefined && timestamp >= cutoffMs
}

function compare<Value extends bigint | number | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
