import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { replayOf } from '../support/read-rows.js'
import { type Row, rowsOf } from '../support/rows.js'
import { DEADLINE_MS, until } from '../support/until.js'

const MIB = 1024 * 1024

let cluster: MockCluster
beforeEach(() => {
  cluster = MockCluster.start({ brokers: 2 })
  cluster.createTopic('t', { partitions: 3 })
  cluster.setLeader('t', 1, 1)
  cluster.setLeader('t', 2, 2)
})
afterEach(() => cluster.close())

const timestamps = (rows: Row[]) => rows.map(({ timestamp }) => Number(timestamp))

/**
 * Partition 1 has 100, 200, 300, 400. Partition 2 has 150, 250 and then what `behind` says, each in
 * a record batch of its own. With this budget the record of 150 fills the partition's share in the
 * engine, and that of 250 its queue: `behind` is not fetched before a row of partition 2 is read.
 */
async function create(behind: number[]): Promise<ConsumerManager> {
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  await using producer = await Producer.create({ config: { ...config, 'batch.num.messages': 1 } })
  const send = (partition: number, timestamp: number, bytes: number) =>
    producer.send({ topic: 't', partition, timestamp, value: new Uint8Array(bytes) })
  for (const timestamp of [100, 200, 300, 400]) await send(1, timestamp, 3)
  await send(2, 150, 900_000)
  await send(2, 250, 300_000)
  for (const timestamp of behind) await send(2, timestamp, 3)
  await producer.flush()
  const manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest('t')],
    maxBufferedBytes: MIB,
    // One row is prepared ahead, which is partition 1's first.
    batchSize: 1,
  })
  await until('partition 2 is paused', () => manager.pausedPartitionCount() === 1)
  return manager
}

/** Each makes partition 2 one that cannot be read, and gives the way back. */
const stalls: [string, () => () => void][] = [
  [
    'its broker is down',
    () => {
      cluster.setBrokerDown(2, true)
      return () => cluster.setBrokerDown(2, false)
    },
  ],
  [
    'it has no leader',
    () => {
      cluster.setLeader('t', 2, null)
      return () => cluster.setLeader('t', 2, 1)
    },
  ],
  [
    'its broker is slow',
    () => {
      cluster.setRoundTripTime(2, 60_000)
      return () => {
        cluster.setRoundTripTime(2, 0)
        // The response that is on its way is 60 s away.
        cluster.setBrokerDown(2, true)
        cluster.setBrokerDown(2, false)
      }
    },
  ],
]

test.each(stalls)(
  'nothing passes a partition that is not proven to be at its end: %s',
  async (_why, stall) => {
    await using manager = await create([320])
    const heal = stall()
    const released: Row[] = []
    for (let i = 0; i < 4; i++) released.push(...rowsOf(await manager.poll(DEADLINE_MS)))
    expect(timestamps(released)).toEqual([100, 150, 200, 250])

    expect((await manager.poll(300)).numRows).toBe(0)
    expect(manager.getPrimingWatermark()).toBe(250)
    expect(manager.heldMessageCount()).toBe(2)
    expect(manager.isLive()).toBe(false)
    const state = manager.partitionState()
    expect([...(state.getChild('is_live') ?? [])]).toEqual([true, false, false])
    expect([...(state.getChild('released_offset') ?? [])]).toEqual([null, 1n, 1n])
    expect([...(state.getChild('replay_end_offset') ?? [])]).toEqual([0n, 4n, 3n])

    heal()
    expect(timestamps(await replayOf(manager, DEADLINE_MS))).toEqual([300, 320, 400])
    expect(manager.getPrimingWatermark()).toBeNull()
  },
)

test('the others pass a partition that is proven to be at its end', async () => {
  await using manager = await create([])
  expect(timestamps(await replayOf(manager, DEADLINE_MS))).toEqual([100, 150, 200, 250, 300, 400])
})
