import fc from 'fast-check'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { isOnKafka, openCluster } from '../support/cluster.js'
import { type Expected, expectedOf, partitionsOf, type Start } from '../support/oracle.js'
import { propertyParameters } from '../support/property.js'
import { pointInTime, type Reading, randomLog, reading } from '../support/random-log.js'
import { replayOf, take } from '../support/read-rows.js'
import { digestOf, nameOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const parameters = propertyParameters(isOnKafka ? 10 : 40)

/** A start for each of three topics at most. The mock cluster looks up times in uncompressed logs. */
const starts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('earliest' as const) },
    { weight: 1, arbitrary: fc.constant('latest' as const) },
    { weight: 3, arbitrary: pointInTime.map((epochMs) => ({ epochMs })) },
  ),
  { minLength: 3, maxLength: 3 },
)

const property = fc.asyncProperty(
  randomLog,
  starts,
  fc.option(pointInTime, { nil: undefined }),
  fc.array(reading, { minLength: 3, maxLength: 3 }),
  async (log, starts, cutoffMs, readings) => {
    await using cluster = openCluster()
    const { config } = cluster
    const canLookUp = log.producer['compression.codec'] === 'none'
    const names = new Map<string, string>()
    const startOfName = new Map<string, Start>()
    for (const [i, { name, partitions }] of log.topics.entries()) {
      const topic = await cluster.createTopic(name, partitions)
      const start = starts[i] as Start
      names.set(name, topic)
      startOfName.set(topic, typeof start === 'object' && !canLookUp ? 'earliest' : start)
    }
    const startOf = (topic: string) => startOfName.get(topic) as Start
    const rows = await writeLog(
      { ...config, ...log.producer },
      log.records.map((record) => ({ ...record, topic: names.get(record.topic) as string })),
    )
    const expected = expectedOf(rows, { startOf, cutoffMs })
    const topics = [...names.values()].map((topic) => sourceTopic(topic, startOf(topic)))
    for (const reading of readings) {
      await readAndCompare(config, topics, cutoffMs, reading, expected)
    }
  },
)

test(
  `random logs are replayed as the oracle says, however they are read: ` +
    `TIDEMARK_PROPERTY_SEED=${parameters.seed}`,
  () => fc.assert(property, parameters),
  120_000,
)

async function readAndCompare(
  config: Record<string, string>,
  topics: SourceTopic[],
  cutoffMs: bigint | undefined,
  { timeoutMs, ...limits }: Reading,
  { replay, live, lateRecords }: Expected,
): Promise<void> {
  await using manager = await ConsumerManager.create({
    config,
    topics,
    ...limits,
    ...(cutoffMs === undefined ? {} : { cutoffMs: new Date(Number(cutoffMs)) }),
  })
  const released = await replayOf(manager, timeoutMs)
  expect(released.map(nameOf)).toEqual(replay.map(nameOf))
  expect(digestOf(released)).toBe(digestOf(replay))
  expect(manager.getPrimingWatermark()).toBeNull()
  for (const partition of manager.partitionState()) {
    const name = `${partition.topic}-${partition.partition}`
    expect([name, partition.is_live]).toEqual([name, true])
    const late = lateRecords.get(name) ?? 0
    expect([name, partition.late_records]).toEqual([name, BigInt(late)])
  }

  // What the cutoff left comes in live, each partition in its order.
  const left = [...live.values()].flat()
  const rest = partitionsOf(await take(manager, left.length))
  for (const [name, rows] of live) expect(digestOf(rest.get(name) ?? [])).toBe(digestOf(rows))
}

function sourceTopic(name: string, start: Start): SourceTopic {
  if (start === 'earliest') return SourceTopic.fromEarliest(name)
  if (start === 'latest') return SourceTopic.fromLatest(name)
  return SourceTopic.fromAbsoluteTime(name, new Date(Number(start.epochMs)))
}
