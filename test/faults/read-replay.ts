import {
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
  TidemarkError,
} from '../../src/index.js'
import { RowDigest, rowsOf } from '../support/rows.js'
import { DEADLINE_MS } from '../support/until.js'

export interface ReadRow {
  partition: number
  offset: number
  timestamp: bigint | null
  /** As text; of a large one its size alone. */
  value: string | null
}

/** What came out before the stream was live, or failed. */
export interface Outcome {
  rows: ReadRow[]
  /** Null: the replay came to its end. */
  error: TidemarkError | null
  /** Over topic, partition, offset, timestamp, key and value of every row. */
  sha256: string
  /** Offsets without a record batch, over all partitions. */
  gaps: number
}

interface Broker {
  readonly config: { 'bootstrap.servers': string }
}

/** Replays `topics`, or the topic 't' from its beginning, for as long as a fault may take. */
export function readReplay(
  broker: Broker,
  options: StreamOptions & Partial<KafkaOptions> = {},
): Promise<Outcome> {
  return read(broker, options, (manager) => manager.isLive())
}

/** Reads on in live, until the stream fails. */
export function readUntilFault(
  broker: Broker,
  options: StreamOptions & Partial<KafkaOptions> = {},
): Promise<Outcome> {
  return read(broker, options, () => false)
}

async function read(
  broker: Broker,
  options: StreamOptions & Partial<KafkaOptions>,
  isDone: (manager: ConsumerManager) => boolean,
): Promise<Outcome> {
  await using manager = await ConsumerManager.create({
    topics: [SourceTopic.fromEarliest('t')],
    ...options,
    config: { ...broker.config, ...options.config },
  })
  const reader = new ReplayReader(manager)
  const error = await reader.readUntil(() => isDone(manager))
  return { ...reader.outcome(), error }
}

/** Collects the rows of a manager's batches. */
export class ReplayReader {
  readonly rows: ReadRow[] = []
  readonly #digest = new RowDigest()

  constructor(readonly manager: ConsumerManager) {}

  /**
   * Polls until `isDone`; gives back the error that ended the stream before.
   *
   * @throws Error when neither has happened within the deadline: that is silence
   */
  async readUntil(isDone: () => boolean): Promise<TidemarkError | null> {
    const deadline = Date.now() + DEADLINE_MS
    try {
      while (!isDone()) {
        if (Date.now() > deadline) throw new Error(`silence: no end after ${DEADLINE_MS} ms`)
        await this.#poll(Math.min(500, Math.max(1, deadline - Date.now())))
      }
      return null
    } catch (error) {
      if (error instanceof TidemarkError) return error
      throw error
    }
  }

  outcome(): Pick<Outcome, 'rows' | 'sha256' | 'gaps'> {
    const gaps = this.manager.partitionState().getChild('gaps')?.toArray() as BigInt64Array
    return {
      rows: this.rows,
      sha256: this.#digest.toString(),
      gaps: Number(gaps.reduce((sum, count) => sum + count, 0n)),
    }
  }

  async #poll(timeoutMs: number): Promise<void> {
    const batch = await this.manager.poll(timeoutMs)
    for (const row of rowsOf(batch)) {
      const { partition, offset, timestamp, value } = row
      this.rows.push({
        partition,
        offset: Number(offset),
        timestamp,
        value: value && textOf(value),
      })
      this.#digest.add(row)
    }
    this.manager.release(batch)
  }
}

/** Holds an outcome against the replay without the fault. */
export function expectRight(
  outcome: Pick<Outcome, 'sha256' | 'error'>,
  right: Pick<Outcome, 'sha256'>,
): void {
  expect(outcome.error).toBeNull()
  expect(outcome.sha256).toBe(right.sha256)
}

function textOf(bytes: Uint8Array): string {
  return bytes.length > 1_000 ? `${bytes.length} bytes` : Buffer.from(bytes).toString()
}

export function offsetsOf({ rows }: Pick<Outcome, 'rows'>): number[] {
  return rows.map(({ offset }) => offset)
}

/** The numbers from 0 to `end` - 1. */
export function range(end: number): number[] {
  return Array.from({ length: end }, (_, i) => i)
}

/** Holds an outcome against what the fault must end in: the good records, then the error. */
export function expectFault(
  outcome: Outcome,
  expected: {
    goodOffsets: number[]
    code: string
    offset: number
    says: RegExp
    partition?: number
  },
): void {
  const { goodOffsets, code, offset, says, partition = 0 } = expected
  expect({ offsets: offsetsOf(outcome), error: outcome.error }).toMatchObject({
    offsets: goodOffsets,
    error: {
      code,
      topic: 't',
      partition,
      offset: BigInt(offset),
      message: expect.stringMatching(says),
    },
  })
  // Where it is must be in the message too: it is what ends up in a log.
  for (const part of ['t', String(partition), String(offset)]) {
    expect(outcome.error?.message).toContain(part)
  }
}
