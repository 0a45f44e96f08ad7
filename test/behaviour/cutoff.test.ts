import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { openCluster, type TestCluster } from '../support/cluster.js'
import { replayOf, take } from '../support/read-rows.js'
import { nameOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000

let cluster: TestCluster
let topic: string
beforeEach(async () => {
  cluster = openCluster()
  topic = await cluster.createTopic('t', 3)
  await writeLog(
    cluster.config,
    [
      // A fast clock: 900 ends the replay, and 30 behind it waits for live.
      [0, 10],
      [0, 900],
      [0, 30],
      [1, 20],
      [1, 49],
      [1, 50],
      [1, 60],
      // All of it is past the cutoff.
      [2, 70],
    ].map(([partition, time]) => ({
      topic,
      partition: partition as number,
      timestamp: TIME + (time as number),
    })),
  )
})
afterEach(() => cluster.close())

test.each([
  ['epoch milliseconds', TIME + 50],
  ['a Date', new Date(TIME + 50)],
])(
  'cutoffMs ends the replay of each partition at its first record at or past it, given as %s',
  async (_, cutoffMs) => {
    await using manager = await ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromEarliest(topic)],
      cutoffMs,
    })
    const name = (partition: number, offset: number, time: number) =>
      `${topic}-${partition}@${offset} (${TIME + time})`
    expect((await replayOf(manager)).map(nameOf)).toEqual([
      name(0, 0, 10),
      name(1, 0, 20),
      name(1, 1, 49),
    ])
    expect([...(manager.partitionState().getChild('cutoff') ?? [])]).toEqual(
      Array(3).fill(TIME + 50),
    )
    expect((await take(manager, 5)).map(nameOf)).toEqual([
      name(1, 2, 50),
      name(1, 3, 60),
      name(2, 0, 70),
      name(0, 1, 900),
      name(0, 2, 30),
    ])
  },
)

test('a cutoff past all records changes nothing', async () => {
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    cutoffMs: TIME + 901,
  })
  expect(await replayOf(manager)).toHaveLength(8)
})

test('with a cutoff before all records nothing is replayed', async () => {
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    cutoffMs: TIME,
  })
  expect(await replayOf(manager)).toEqual([])
  expect(await take(manager, 8)).toHaveLength(8)
})
