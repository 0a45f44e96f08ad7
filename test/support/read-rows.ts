import {
  ConsumerManager,
  type ConsumerManagerOptions,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { type Row, RowDigest, rowsOf } from './rows.js'

/** A record as it was read, bytes as text. */
export interface TextRow {
  partition: number
  offset: bigint
  timestamp: bigint | null
  key: string | null
  value: string | null
}

/** The replay of a topic, in the order in which it came. */
export async function readRows(
  config: KafkaOptions['config'],
  topic: string | SourceTopic,
  options: StreamOptions & Partial<KafkaOptions> = {},
): Promise<TextRow[]> {
  const topics = [typeof topic === 'string' ? SourceTopic.fromEarliest(topic) : topic]
  await using manager = await ConsumerManager.create({ config, topics, ...options })
  return (await replayOf(manager)).map(({ topic: _, key, value, ...row }) => ({
    ...row,
    key: text(key),
    value: text(value),
  }))
}

/** Polls until the manager is live, or the stream has ended. */
export async function replayOf(manager: ConsumerManager, timeoutMs?: number): Promise<Row[]> {
  const rows: Row[] = []
  while (manager.phase() === 'replay') {
    const batch = await manager.poll(timeoutMs)
    for (const row of rowsOf(batch)) rows.push(row)
    manager.release(batch)
  }
  return rows
}

/** The replay's number of rows, their SHA-256, and the gaps of all partitions together. */
export async function replayDigest(options: ConsumerManagerOptions) {
  await using manager = await ConsumerManager.create(options)
  const digest = new RowDigest()
  let rows = 0
  while (manager.phase() === 'replay') {
    const batch = await manager.poll()
    for (const row of rowsOf(batch)) digest.add(row)
    rows += batch.numRows
    manager.release(batch)
  }
  const partitions = manager.partitionState().toArray()
  const gaps = partitions.reduce((sum, each) => sum + each.gaps, 0n)
  return { rows, sha256: `${digest}`, gaps }
}

/** Polls until `count` rows are there. */
export async function take(manager: ConsumerManager, count: number): Promise<Row[]> {
  const rows: Row[] = []
  while (rows.length < count) rows.push(...rowsOf(await manager.poll()))
  return rows
}

export function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : new TextDecoder().decode(bytes)
}
