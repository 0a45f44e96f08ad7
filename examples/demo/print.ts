import type { RecordBatch } from 'apache-arrow'
import Table from 'cli-table3'
import type { ConsumerManager, PartitionStateColumns } from 'tidemark'

export function count(value: number | bigint): string {
  return value.toLocaleString('en')
}

export function perSecond(rows: number, started: number): string {
  return count(Math.round((rows / Math.max(1, performance.now() - started)) * 1e3))
}

/** In UTC, or a dash. */
export function time(epochMs: number | bigint | null): string {
  if (epochMs === null) return '-'
  const date = new Date(Number(epochMs))
  // A record may have any timestamp, and a Date not.
  if (Number.isNaN(date.getTime())) return `${epochMs}`
  return date.toISOString().replace('T', ' ').replace('Z', '')
}

type Row = NonNullable<ReturnType<RecordBatch<PartitionStateColumns>['get']>>

interface Column {
  head: string
  cell(row: Row): string
  align?: 'left'
  /** Left out where the terminal is too narrow for all. */
  wide?: true
}

const offset = (value: bigint | null) => (value === null ? '-' : count(value))

const COLUMNS: Column[] = [
  { head: 'topic', cell: (row) => row.topic, align: 'left' },
  { head: 'partition', cell: (row) => String(row.partition) },
  { head: 'from', cell: (row) => offset(row.replay_start_offset), wide: true },
  { head: 'to', cell: (row) => offset(row.replay_end_offset) },
  { head: 'consumed', cell: (row) => offset(row.consumed_offset) },
  { head: 'released', cell: (row) => offset(row.released_offset) },
  { head: 'last timestamp', cell: (row) => time(row.last_message_timestamp), wide: true },
  { head: 'live', cell: (row) => (row.is_live ? 'yes' : ''), align: 'left' },
  { head: 'paused', cell: (row) => (row.is_paused ? 'yes' : ''), align: 'left' },
  { head: 'late', cell: (row) => count(row.late_records), wide: true },
]

export function printState(title: string, manager: ConsumerManager): void {
  const rows = [...manager.partitionState()] as Row[]
  const all = table(rows, COLUMNS)
  const isTooWide = all.indexOf('\n') > (process.stdout.columns ?? Number.POSITIVE_INFINITY)
  const shown = isTooWide
    ? table(
        rows,
        COLUMNS.filter(({ wide }) => !wide),
      )
    : all
  console.log(`\n${title}\n${shown}\n`)
}

function table(rows: Row[], columns: Column[]): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align }) => align ?? 'right'),
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) table.push(columns.map(({ cell }) => cell(row)))
  return table.toString()
}
