import { ConsumerManager, SourceTopic, type StreamOptions } from '../../src/index.js'
import { openCluster, type TestCluster } from '../support/cluster.js'
import { replayOf } from '../support/read-rows.js'
import { rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000

let cluster: TestCluster
let topic: string
beforeEach(async () => {
  cluster = openCluster()
  topic = await cluster.createTopic('t', 2)
  await writeLog(
    cluster.config,
    [
      [0, 10],
      [0, 40],
      [0, 20],
      [0, null],
      [0, 40],
      [0, 39],
      [1, 5],
      [1, 30],
      [1, 50],
    ].map(([partition, time]) => ({
      topic,
      partition: partition as number,
      timestamp: time === null || time === undefined ? null : TIME + time,
    })),
  )
})
afterEach(() => cluster.close())

const create = (options: StreamOptions = {}) =>
  ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    ...options,
  })
const placeOf = ({ partition, offset }: { partition: number; offset: bigint }) =>
  `${partition}@${offset}`

test('late records come at their own place, and are counted', async () => {
  await using manager = await create()
  const places = (await replayOf(manager)).map(placeOf)
  expect(places).toEqual(['1@0', '0@0', '1@1', '0@1', '0@2', '0@3', '0@4', '0@5', '1@2'])
  expect([...(manager.partitionState().getChild('late_records') ?? [])]).toEqual([2n, 0n])
})

test('late records are counted when they are read', async () => {
  await using manager = await create({ batchSize: 5 })
  await manager.poll()
  expect([...(manager.partitionState().getChild('late_records') ?? [])]).toEqual([1n, 0n])
})

test("late records end the stream with onLateRecord 'error', after all that comes before them", async () => {
  await using manager = await create({ onLateRecord: 'error' })
  expect(rowsOf(await manager.poll()).map(placeOf)).toEqual(['1@0', '0@0', '1@1', '0@1'])
  for (let i = 0; i < 2; i++) {
    await expect(manager.poll()).rejects.toMatchObject({
      code: 'ERR_LATE_RECORD',
      topic,
      partition: 0,
      offset: 2n,
      retriable: false,
      message: expect.stringContaining(`its timestamp ${TIME + 20} is smaller than ${TIME + 40}`),
    })
  }
  expect(manager.isLive()).toBe(false)
})
