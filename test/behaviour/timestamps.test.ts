import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { nameOf, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000n
const SMALLEST = -(2n ** 63n)
const LARGEST = 2n ** 63n - 1n

/** Those of each partition; each record in a record batch of its own, or all in one. */
async function replay(partitions: (bigint | null)[][], batchRecords: number) {
  await using cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: partitions.length })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  const log = await writeLog(
    { ...config, 'batch.num.messages': batchRecords },
    partitions.flatMap((timestamps, partition) =>
      timestamps.map((timestamp) => ({ topic: 't', partition, timestamp })),
    ),
  )
  await using manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest('t')],
  })
  return { rows: await replayOf(manager), expected: expectedOf(log).replay, manager }
}

const cases: [string, (bigint | null)[][]][] = [
  ['none at all', [[null, null], [null]]],
  [
    'none: like the record before it',
    [
      [TIME + 1n, null, TIME + 5n],
      [TIME + 2n, null],
      [null, TIME],
    ],
  ],
  ['negative', [[-1_000n, -5n, TIME], [-2_000n, -6n, -2n], [1n]]],
  [
    'far in the future',
    [
      [TIME, 4_102_444_800_000n, LARGEST - 1n],
      [TIME + 1n, 2n ** 53n + 1n],
    ],
  ],
  [
    'ties',
    [
      [TIME, TIME, TIME],
      [TIME, TIME],
      [TIME - 1n, TIME],
    ],
  ],
  [
    'the smallest and the largest',
    [
      [LARGEST, TIME],
      [SMALLEST, LARGEST],
      [SMALLEST + 1n, null],
    ],
  ],
]

test.each(
  cases.flatMap(([name, partitions]) => [
    [name, 1, partitions] as const,
    [name, 100, partitions] as const,
  ]),
)(
  'timestamps come out as written: %s, record batches of %i',
  async (_name, batchRecords, partitions) => {
    const { rows, expected } = await replay(partitions, batchRecords)
    expect(rows.map(nameOf)).toEqual(expected.map(nameOf))
  },
)

test('a missing timestamp is null in the column, and the low water mark is null while it sets it', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('t')
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  await writeLog(
    config,
    [null, TIME, null, TIME + 1n].map((timestamp) => ({ topic: 't', partition: 0, timestamp })),
  )
  await using manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest('t')],
    batchSize: 1,
  })
  const seen: unknown[] = []
  while (!manager.isLive()) {
    const batch = await manager.poll()
    seen.push([batch.get(0)?.timestamp, rowsOf(batch)[0]?.timestamp, manager.getPrimingWatermark()])
  }
  expect(seen).toEqual([
    [null, null, Number(TIME)],
    [Number(TIME), TIME, Number(TIME)],
    [null, null, Number(TIME + 1n)],
    [Number(TIME + 1n), TIME + 1n, null],
  ])
})
