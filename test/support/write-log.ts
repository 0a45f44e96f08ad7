import { Producer, type ProducerOptions, type ProducerRecord } from '../../src/testing/index.js'
import type { Row } from './rows.js'

/** A record to be written to a given partition; `timestamp` null: none. */
export type LogRecord = ProducerRecord & { partition: number; timestamp: number | bigint | null }

/** Writes records to partitions that are empty, and tells how they stand in the log. */
export async function writeLog(
  config: ProducerOptions['config'],
  records: Iterable<LogRecord>,
): Promise<Row[]> {
  const producer = await Producer.create({ config })
  const offsets = new Map<string, bigint>()
  const rows: Row[] = []
  await producer.sendAll(
    (function* () {
      for (const record of records) {
        const name = `${record.topic}-${record.partition}`
        const offset = offsets.get(name) ?? 0n
        offsets.set(name, offset + 1n)
        rows.push({
          topic: record.topic,
          partition: record.partition,
          offset,
          timestamp: record.timestamp === null ? null : BigInt(record.timestamp),
          key: bytesOf(record.key),
          value: bytesOf(record.value),
        })
        yield record
      }
    })(),
  )
  await producer.flush()
  await producer.close()
  return rows
}

function bytesOf(data: ProducerRecord['value']): Uint8Array | null {
  if (data === null || data === undefined) return null
  return typeof data === 'string' ? new TextEncoder().encode(data) : data
}
