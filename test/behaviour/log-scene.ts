import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConsumerManager,
  type OneSourceOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import type { TestCluster } from '../support/cluster.js'
import { replayOf } from '../support/read-rows.js'
import type { Row } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

export const TIME = 1_700_000_000_000

/** A topic of four partitions with ten records each, at a broker and as log segments. */
export class LogScene {
  topic = ''
  #folder = ''

  constructor(readonly cluster: TestCluster) {}

  get segments(): string {
    return join(this.#folder, 'capture')
  }

  /** The same topic from either, by the name of the place. */
  sources(...topics: SourceTopic[]): [string, OneSourceOptions][] {
    return [
      ['a broker', { config: this.cluster.config, topics }],
      ['segments', { segments: this.segments, topics }],
    ]
  }

  async open(): Promise<void> {
    this.topic = await this.cluster.createTopic('log', 4)
    await writeLog(this.cluster.config, this.records(0, 10))
    this.#folder = await mkdtemp(join(tmpdir(), 'tidemark-log-'))
    const manager = await ConsumerManager.create({
      config: this.cluster.config,
      topics: [SourceTopic.fromEarliest(this.topic)],
      capture: { dir: this.segments },
    })
    await replayOf(manager)
    await manager.close()
  }

  /** Of each partition: those of the same offset have neighbouring times. */
  records(begin: number, end: number) {
    return Array.from({ length: 4 * (end - begin) }, (_, i) => ({
      topic: this.topic,
      partition: i % 4,
      timestamp: TIME + 4 * begin + i,
      value: `${i % 4}@${begin + Math.floor(i / 4)}`,
    }))
  }

  async close(): Promise<void> {
    await this.cluster.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** `[partition, offset]` of each row of the replay. */
export async function placesOf(options: OneSourceOptions & StreamOptions): Promise<string[]> {
  await using manager = await ConsumerManager.create(options)
  return (await replayOf(manager)).map(placeOf)
}

export const placeOf = ({ partition, offset }: Row) => `${partition}@${offset}`
/** The places from an offset of each partition on, in order; null: none of it. */
export function placesFrom(offsets: (number | null)[], end = 10): string[] {
  return Array.from({ length: end }, (_, offset) =>
    offsets.flatMap((from, partition) =>
      from !== null && offset >= from ? [`${partition}@${offset}`] : [],
    ),
  ).flat()
}
