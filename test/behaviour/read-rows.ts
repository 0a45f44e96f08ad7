import { ConsumerManager, type ConsumerManagerOptions, SourceTopic } from '../../src/index.js'

/** A record as it was read, bytes as text. */
export interface Row {
  partition: number
  offset: bigint
  timestamp: bigint | null
  key: string | null
  value: string | null
}

/** The replay of a topic, in the order in which it came. */
export async function readRows(
  config: ConsumerManagerOptions['config'],
  topic: string | SourceTopic,
  options: Partial<ConsumerManagerOptions> = {},
): Promise<Row[]> {
  const topics = [typeof topic === 'string' ? SourceTopic.fromEarliest(topic) : topic]
  const manager = await ConsumerManager.create({ config, topics, ...options })
  const rows: Row[] = []
  try {
    while (!manager.isLive()) {
      const batch = await manager.poll()
      // Not by get(): Arrow makes a number of a timestamp, and refuses what is too large for one.
      const timestamps = batch.getChild('timestamp')?.data[0]
      for (const [i, row] of batch.toArray().entries()) {
        rows.push({
          partition: row.partition,
          offset: row.offset,
          timestamp: timestamps?.getValid(i) ? (timestamps.values[i] as bigint) : null,
          key: text(row.key),
          value: text(row.value),
        })
      }
    }
  } finally {
    await manager.close()
  }
  return rows
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
