import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ClientEvent,
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { dumpLogSegments } from './dump-log-segments.js'
import { replayOf, text } from './read-rows.js'
import { digestOf, type Row } from './rows.js'

const KIB = 1024

/** A replay, and where it was captured. */
export interface Captured {
  dir: string
  rows: Row[]
  /** By partition. */
  gaps: Map<number, bigint>
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-capture-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** For a capture of a test of this file. */
export const captureFolder = () => mkdtemp(join(folder, 'capture-'))

/** Replays a topic with a capture. */
export async function captureOf(
  config: { 'bootstrap.servers': string },
  topic: SourceTopic,
  options: Omit<StreamOptions, 'columns'> & Partial<KafkaOptions> = {},
): Promise<Captured> {
  const dir = await captureFolder()
  const events: ClientEvent[] = []
  const manager = await ConsumerManager.create({
    config,
    topics: [topic],
    capture: { dir, segmentBytes: 64 * KIB },
    onEvent: (event) => events.push(event),
    closeTimeoutMs: 60_000,
    ...options,
  })
  const rows = await replayOf(manager)
  const gaps = gapsOf(manager)
  await manager.close()
  expect(events.filter(({ type }) => type === 'captureEnded')).toEqual([])
  return { dir, rows, gaps }
}

/** Of the partitions that have any: where there was nothing at all, a capture has no partition. */
function gapsOf(manager: ConsumerManager): Map<number, bigint> {
  const states = manager.partitionState().toArray()
  return new Map(
    states.filter(({ gaps }) => gaps > 0n).map(({ partition, gaps }) => [partition, gaps]),
  )
}

const byPlace = (a: Row, b: Row) => a.partition - b.partition || Number(a.offset - b.offset)

/**
 * Kafka's own tool reads in each partition what the stream released, and a replay is the same. In live
 * rows come as they arrive, from whichever partition: then `isLive`.
 *
 * @returns how many files there are, and Kafka's line of each record batch
 */
export async function expectCaptured(
  { dir, rows, gaps }: Omit<Captured, 'gaps'> & { gaps?: Captured['gaps'] },
  isLive = false,
) {
  let files = 0
  let records = 0
  const batches: string[] = []
  for (const name of await readdir(dir)) {
    const partition = Number(name.split('-').at(-1))
    const names = (await readdir(join(dir, name))).sort()
    expect(names.filter((file) => !file.endsWith('.log'))).toEqual([])
    // A partition in which there was nothing.
    if (names.length === 0) continue
    const dumped = await dumpLogSegments(names.map((file) => join(dir, name, file)))
    expect(dumped.records).toEqual(
      rows
        .filter((row) => row.partition === partition)
        .map(({ offset, timestamp, key, value }) => ({
          offset,
          timestamp,
          key: text(key),
          value: text(value),
        })),
    )
    files += names.length
    records += dumped.records.length
    batches.push(...dumped.batches)
  }
  expect(records).toBe(rows.length)
  const [{ topic } = { topic: '' }] = rows
  await using replay = await ConsumerManager.create({
    segments: dir,
    topics: [SourceTopic.fromEarliest(topic)],
  })
  const again = await replayOf(replay)
  const inOrder = (all: Row[]) => (isLive ? [...all].sort(byPlace) : all)
  expect(digestOf(inOrder(again))).toBe(digestOf(inOrder(rows)))
  if (gaps) expect(gapsOf(replay)).toEqual(gaps)
  return { files, batches }
}
