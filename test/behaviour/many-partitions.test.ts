import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const PARTITIONS = 5_000
const TIME = 1_700_000_000_000

// 64 KiB a partition are more than 256 MiB: from 4,097 on the default options were refused.
test('5,000 partitions are read with default options', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('many', { partitions: PARTITIONS })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  const log = await writeLog(
    config,
    Array.from({ length: 3 * PARTITIONS }, (_, i) => ({
      topic: 'many',
      partition: Math.imul(i, 389) % PARTITIONS,
      timestamp: TIME + Math.floor(i / 3),
      value: `${i}`,
    })),
  )
  const topics = [SourceTopic.fromEarliest('many')]
  await using manager = await ConsumerManager.create({ config, topics })
  expect(digestOf(await replayOf(manager))).toBe(digestOf(expectedOf(log).replay))
  expect(manager.partitionState().numRows).toBe(PARTITIONS)
  await expect(
    ConsumerManager.create({ config, topics, maxBufferedBytes: 256 * 2 ** 20 }),
  ).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining('give at least 327680000 (64 KiB a partition)'),
  })
})
