import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CaptureOptions,
  type ClientEvent,
  ConsumerManager,
  SourceTopic,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import type { Row } from '../support/rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const KIB = 1024
/** Room for six records of `write`. */
export const SEGMENT = 64 * KIB

/** What each test begins with: topic 't' of two partitions on a mock cluster, and an empty folder. */
export class CaptureScene {
  constructor(
    readonly cluster: MockCluster,
    readonly folder: string,
  ) {}

  get config() {
    return { 'bootstrap.servers': this.cluster.bootstrapServers }
  }

  /** Opens a manager that captures 't' into the folder `capture`, unless `options` says otherwise. */
  async open(options: Partial<CaptureOptions> = {}) {
    const capture = { dir: join(this.folder, 'capture'), segmentBytes: SEGMENT, ...options }
    const events: ClientEvent[] = []
    const manager = await ConsumerManager.create({
      config: this.config,
      topics: [SourceTopic.fromEarliest('t')],
      capture,
      onEvent: (event) => events.push(event),
    })
    const ended = () => events.filter((event) => event.type === 'captureEnded')
    return { manager, dir: capture.dir, ended }
  }

  /** Writes records to the first partition: 10 KB each, in record batches of one. */
  write(records: number): Promise<Row[]> {
    const all = Array.from({ length: records }, (_, i) => ({
      ...{ topic: 't', partition: 0, timestamp: 1_700_000_000_000 + i },
      value: `${i}`.padStart(10_000, '.'),
    }))
    return writeLog({ ...this.config, 'batch.num.messages': 1 }, all)
  }
}

/** A scene for each test of a file. */
export function setCaptureScene(begin: (scene: CaptureScene) => void): void {
  let scene: CaptureScene
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tidemark-capture-'))
    scene = new CaptureScene(MockCluster.start(), folder)
    scene.cluster.createTopic('t', { partitions: 2 })
    begin(scene)
  })
  afterEach(async () => {
    await scene.cluster.close()
    await rm(scene.folder, { recursive: true, force: true })
  })
}

/** Resolves when a capture has made all that it makes before a record comes. */
export const untilBegun = (dir: string) =>
  until('both partitions have a folder', async () => (await readdir(dir)).length === 2)

export async function segmentsOf(dir: string, partition: number): Promise<string[]> {
  return (await readdir(join(dir, `t-${partition}`))).sort()
}

/** The name of the segment that begins with an offset. */
export const segmentAt = (offset: number) => `${`${offset}`.padStart(20, '0')}.log`

export const replayFrom = (segments: string) =>
  ConsumerManager.create({ segments, topics: [SourceTopic.fromEarliest('t')] })
