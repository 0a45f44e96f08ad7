import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import {
  ConsumerManager,
  type ConsumerManagerOptions,
  type OneSourceOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { isOnKafka, openCluster } from '../support/cluster.js'
import { type Expected, expectedOf, partitionsOf } from '../support/oracle.js'
import { propertyParameters } from '../support/property.js'
import { pointInTime, randomLog } from '../support/random-log.js'
import { replayOf, take } from '../support/read-rows.js'
import { digestOf, nameOf, type Row, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const parameters = propertyParameters(isOnKafka ? 2 : 5)

/** Managers that are open at once. */
const AT_ONCE = 8

/** Of a whole stream: its rows, and the token behind each. The first one is that before all of them. */
async function readRowByRow(options: ConsumerManagerOptions, count: number) {
  await using manager = await ConsumerManager.create({ ...options, batchSize: 1 })
  const rows: Row[] = []
  const tokens = [manager.token()]
  while (rows.length < count) {
    const batch = await manager.poll()
    if (batch.numRows === 0) continue
    rows.push(...rowsOf(batch))
    tokens.push(manager.token())
  }
  return { rows, tokens }
}

/** Resumes behind each row, and compares with what an oracle says of the whole. */
async function resumeBehindEachRow(
  options: OneSourceOptions & StreamOptions,
  { replay, live }: Expected,
): Promise<void> {
  const count = replay.length + [...live.values()].flat().length
  const { rows, tokens } = await readRowByRow(options, count)
  expect(rows.slice(0, replay.length).map(nameOf)).toEqual(replay.map(nameOf))
  const places = [...tokens.keys()]
  const resume = async () => {
    for (let place = places.pop(); place !== undefined; place = places.pop()) {
      const { cutoffMs: _, ...others } = options
      await using manager = await ConsumerManager.create({
        ...others,
        resume: tokens[place] as string,
        batchSize: 1 + (place % 7),
      })
      const rest = await take(manager, count - place)
      const left = replay.slice(place)
      expect(rest.slice(0, left.length).map(nameOf)).toEqual(left.map(nameOf))
      expect(digestOf(rest.slice(0, left.length))).toBe(digestOf(left))
      // Live has an order within each partition.
      const whole = partitionsOf([...rows.slice(0, place), ...rest])
      for (const [name, expected] of partitionsOf(rows))
        expect([name, digestOf(whole.get(name) ?? [])]).toEqual([name, digestOf(expected)])
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, resume))
}

const property = fc.asyncProperty(
  randomLog,
  fc.option(pointInTime, { nil: undefined }),
  async (log, cutoff) => {
    await using cluster = openCluster()
    const names = new Map<string, string>()
    for (const { name, partitions } of log.topics)
      names.set(name, await cluster.createTopic(name, partitions))
    const rows = await writeLog(
      { ...cluster.config, ...log.producer },
      log.records.map((record) => ({ ...record, topic: names.get(record.topic) as string })),
    )
    const topics = [...names.values()].map((topic) => SourceTopic.fromEarliest(topic))
    const expected = expectedOf(rows, { cutoffMs: cutoff })
    const limits = cutoff === undefined ? {} : { cutoffMs: new Date(Number(cutoff)) }
    await resumeBehindEachRow({ config: cluster.config, topics, ...limits }, expected)

    const folder = await mkdtemp(join(tmpdir(), 'tidemark-resume-'))
    try {
      const capture = { dir: join(folder, 'log'), onError: 'stream' as const }
      const whole = await ConsumerManager.create({ config: cluster.config, topics, capture })
      await replayOf(whole)
      await whole.close()
      const written = new Set(rows.map(({ topic }) => topic))
      const ofFiles = topics.filter(({ name }) => written.has(name))
      if (ofFiles.length > 0)
        await resumeBehindEachRow({ segments: capture.dir, topics: ofFiles, ...limits }, expected)
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)

test(
  'a stream that is resumed behind any of its rows gives those that are left: ' +
    `TIDEMARK_PROPERTY_SEED=${parameters.seed}`,
  () => fc.assert(property, parameters),
  240_000,
)
