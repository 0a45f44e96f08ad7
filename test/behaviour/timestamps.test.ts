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

test('a missing timestamp is null in the column, and the watermark is null while it sets it', async () => {
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

test('one that no number holds does not keep the rows around it from being read', async () => {
  const timestamps = [
    TIME,
    null,
    1_790_000_000_000_000_000n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    8_640_000_000_000_001n,
    -8_640_000_000_000_001n,
    1n - 2n ** 53n,
    -(2n ** 53n) - 1n,
    SMALLEST,
    LARGEST,
    TIME + 1n,
  ]
  const numbers = timestamps.map((each) => (each === null ? null : Number(each)))
  for (const batchSize of [1, 5, 100]) {
    for (const transferable of [false, true]) {
      await using cluster = MockCluster.start()
      cluster.createTopic('t')
      const config = { 'bootstrap.servers': cluster.bootstrapServers }
      // More than what is copied of a batch: in the column that is the engine's own, too.
      const value = 'v'.repeat(batchSize === 1 ? 1 : 4_096)
      await writeLog(
        config,
        timestamps.map((timestamp) => ({ topic: 't', partition: 0, timestamp, value })),
      )
      await using manager = await ConsumerManager.create({
        config,
        topics: [SourceTopic.fromEarliest('t')],
        batchSize,
        transferable,
      })
      const rows: unknown[] = []
      const cells: unknown[] = []
      const exact: unknown[] = []
      while (!manager.isLive()) {
        const batch = await manager.poll(10_000)
        for (const { timestamp } of batch) rows.push(timestamp)
        cells.push(...(batch.getChild('timestamp') ?? []))
        exact.push(...rowsOf(batch).map(({ timestamp }) => timestamp))
      }
      expect(rows).toEqual(numbers)
      expect(cells).toEqual(numbers)
      expect(exact).toEqual(timestamps)
      expect(manager.partitionState().get(0)?.toJSON()).toMatchObject({
        consumed_offset: 12n,
        last_message_timestamp: Number(LARGEST),
      })
    }
  }
})

test('in numbers, too, the stream is in order, and what is below the watermark has come', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 2 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  // Neighbours, some of which are the same number.
  const from = 2n ** 60n - 200n
  await writeLog(
    config,
    Array.from({ length: 400 }, (_, i) => ({
      topic: 't',
      partition: (i * 7) % 2,
      timestamp: from + BigInt(i),
    })),
  )
  await using manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest('t')],
    batchSize: 7,
  })
  const seen: number[] = []
  const marks: { mark: number; rows: number }[] = []
  while (!manager.isLive()) {
    for (const { timestamp } of await manager.poll(10_000)) seen.push(timestamp)
    const mark = manager.getPrimingWatermark()
    if (mark !== null) marks.push({ mark, rows: seen.length })
  }
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  expect(seen).toHaveLength(400)
  expect(marks.length).toBeGreaterThan(0)
  for (const { mark, rows } of marks) {
    expect(seen.slice(rows).every((timestamp) => timestamp >= mark)).toBe(true)
  }
})
