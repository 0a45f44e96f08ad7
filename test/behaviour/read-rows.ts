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
      const timestamps = batch.getChild('timestamp')?.data[0]
      const columns = ['partition', 'offset', 'key', 'value'] as const
      const [partition, offset, key, value] = columns.map((name) => batch.getChild(name))
      for (let i = 0; i < batch.numRows; i++) {
        rows.push({
          partition: partition?.get(i),
          offset: offset?.get(i),
          // Not by get(): Arrow makes a number of it, and refuses what is too large for one.
          timestamp: timestamps?.getValid(i) ? timestamps.values[i] : null,
          key: text(key?.get(i)),
          value: text(value?.get(i)),
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
