import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf, type Row, rowsOf } from '../support/rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const PARTITIONS = 4
const RECORDS = 8_000
const MIB = 1 << 20

let cluster: MockCluster
let written: Row[]
beforeAll(async () => {
  cluster = MockCluster.start({ brokers: 2 })
  cluster.createTopic('t', { partitions: PARTITIONS })
  for (let i = 0; i < PARTITIONS; i++) cluster.setLeader('t', i, i === 0 ? 2 : 1)
  // Several times what the largest budget below takes.
  const value = 'x'.repeat(4_000)
  const config = { 'bootstrap.servers': cluster.bootstrapServers, 'batch.num.messages': 10 }
  written = await writeLog(
    config,
    Array.from({ length: RECORDS }, (_, i) => ({
      topic: 't',
      partition: i % PARTITIONS,
      timestamp: 1_000 + i,
      value: `${i} ${value}`,
    })),
  )
})
afterAll(() => cluster.close())

test.each([1, 2, 8])(
  'no record is lost when a broker is down while the other partitions are full, with %i MiB',
  async (mebibytes) => {
    await using manager = await ConsumerManager.create({
      config: {
        'bootstrap.servers': cluster.bootstrapServers,
        'reconnect.backoff.ms': 20,
        'reconnect.backoff.max.ms': 100,
      },
      topics: [SourceTopic.fromEarliest('t')],
      maxBufferedBytes: mebibytes * MIB,
      batchSize: 100,
    })
    const rows = rowsOf(await manager.poll())
    cluster.setBrokerDown(2, true)
    await until('all the others are paused', async () => {
      rows.push(...rowsOf(await manager.poll(20)))
      return manager.pausedPartitionCount() === PARTITIONS - 1
    })
    expect(manager.isLive()).toBe(false)
    cluster.setBrokerDown(2, false)
    rows.push(...(await replayOf(manager)))
    expect(rows).toHaveLength(RECORDS)
    expect(digestOf(rows)).toBe(digestOf(written))
  },
)
