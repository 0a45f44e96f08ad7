import Table from 'cli-table3'
import type { ConsumerManager } from 'tidemark'

export function count(value: number | bigint): string {
  return value.toLocaleString('en')
}

export function perSecond(rows: number, started: number): string {
  return count(Math.round((rows / Math.max(1, performance.now() - started)) * 1e3))
}

/** In UTC, or a dash. */
export function time(epochMs: number | bigint | null): string {
  if (epochMs === null) return '-'
  return new Date(Number(epochMs)).toISOString().replace('T', ' ').replace('Z', '')
}

export function printState(title: string, manager: ConsumerManager): void {
  const numbers = ['partition', 'from', 'to', 'consumed', 'released'] as const
  const table = new Table({
    head: ['topic', ...numbers, 'last timestamp', 'live', 'paused', 'late'],
    colAligns: ['left', ...numbers.map(() => 'right' as const), 'right', 'left', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  })
  const offset = (value: bigint | null) => (value === null ? '-' : count(value))
  for (const row of manager.partitionState()) {
    table.push([
      row.topic,
      row.partition,
      offset(row.replay_start_offset),
      offset(row.replay_end_offset),
      offset(row.consumed_offset),
      offset(row.released_offset),
      time(row.last_message_timestamp),
      row.is_live ? 'yes' : '',
      row.is_paused ? 'yes' : '',
      count(row.late_records),
    ])
  }
  console.log(`\n${title}\n${table.toString()}\n`)
}
