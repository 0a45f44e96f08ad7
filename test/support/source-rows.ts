import type { RecordBatch } from 'apache-arrow'
import type { ColumnsOf, ConsumerManager, RecordColumns, TidemarkError } from '../../src/index.js'
import { type Row, rowsOf } from './rows.js'

/** What says which record it is, in a stream of several sources. */
export const COLUMNS = [
  'source',
  'key',
  'value',
  'topic',
  'partition',
  'offset',
  'timestamp',
] as const
type Columns = ColumnsOf<(typeof COLUMNS)[number]>

export interface SourceRow extends Row {
  source: string
}

/** In the order in which they came; bytes are copied. */
export function sourceRowsOf(batch: RecordBatch<Columns>): SourceRow[] {
  const source = batch.getChild('source')
  const rows = rowsOf(batch as unknown as RecordBatch<RecordColumns>)
  return rows.map((row, i) => ({ ...row, source: source?.get(i) as string }))
}

/** Polls until the manager is live, also where a busy machine stalls for a moment. */
export async function replayOfSources(manager: ConsumerManager<Columns>): Promise<SourceRow[]> {
  const rows: SourceRow[] = []
  while (!manager.isLive()) {
    await manager.poll().then(
      (batch) => rows.push(...sourceRowsOf(batch)),
      (error: TidemarkError) => {
        if (error.code !== 'ERR_STALLED') throw error
      },
    )
  }
  return rows
}

export const namesOf = (rows: readonly SourceRow[]): string[] =>
  rows.map(
    ({ source, topic, partition, offset, timestamp }) =>
      `${timestamp} ${topic}-${partition} ${source} @${offset}`,
  )

/** As docs/ordering.md has it: by (merge key, topic, partition, source, offset). */
export function inOrder(rows: readonly SourceRow[]): SourceRow[] {
  const largest = new Map<string, bigint>()
  const keyed = rows.map((row) => {
    const partition = JSON.stringify([row.source, row.topic, row.partition])
    const before = largest.get(partition) ?? row.timestamp ?? 0n
    const key = row.timestamp !== null && row.timestamp > before ? row.timestamp : before
    largest.set(partition, key)
    return { key, row }
  })
  return keyed
    .sort(
      (a, b) =>
        compare(a.key, b.key) ||
        compare(a.row.topic, b.row.topic) ||
        compare(a.row.partition, b.row.partition) ||
        Buffer.compare(Buffer.from(a.row.source), Buffer.from(b.row.source)) ||
        compare(a.row.offset, b.row.offset),
    )
    .map(({ row }) => row)
}

function compare<Value extends bigint | number | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
