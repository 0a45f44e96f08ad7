import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { openCluster } from '../support/cluster.js'
import { take } from '../support/read-rows.js'
import { writeLog } from '../support/write-log.js'
import { LogScene, placeOf, placesFrom, placesOf, TIME } from './log-scene.js'

let scene: LogScene
beforeEach(async () => {
  scene = new LogScene(openCluster())
  await scene.open()
})
afterEach(() => scene.close())

test('only partitions that are named are read, in the replay and in live', async () => {
  const { topic, cluster } = scene
  const partitions = [3, 0]
  for (const [, options] of scene.sources(SourceTopic.fromEarliest(topic, { partitions }))) {
    expect(await placesOf(options)).toEqual(placesFrom([0, null, null, 0]))
  }
  const byTime = SourceTopic.fromAbsoluteTime(topic, TIME + 20, { partitions })
  for (const [, options] of scene.sources(byTime)) {
    expect(await placesOf(options)).toEqual(placesFrom([5, null, null, 5]))
  }
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromLatest(topic, { partitions })],
  })
  expect(manager.partitionState().numRows).toBe(2)
  await writeLog(cluster.config, scene.records(10, 12))
  const rows = await take(manager, 4)
  expect(rows.map(placeOf).sort()).toEqual(['0@10', '0@11', '3@10', '3@11'])
})

test('a partition that there is not is an error that names those there are', async () => {
  const { topic } = scene
  for (const [, options] of scene.sources(
    SourceTopic.fromEarliest(topic, { partitions: [1, 4, 9] }),
  )) {
    const error = await ConsumerManager.create(options).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_PARTITION', topic, partition: 4 })
    expect(error.message).toContain('has no partitions 4 and 9, only partitions 0, 1, 2 and 3')
  }
})
