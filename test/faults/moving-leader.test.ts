import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { expectedOf } from '../support/oracle.js'
import { digestOf, type Row, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const BROKERS = 3
const PARTITIONS = 4
const RECORDS = 20_000
const MOVES = 100

test('a replay is the same when leaders move 100 times during it', async () => {
  await using cluster = MockCluster.start({ brokers: BROKERS })
  cluster.createTopic('t', { partitions: PARTITIONS })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  const log = await writeLog(
    { ...config, 'batch.num.messages': 20 },
    Array.from({ length: RECORDS }, (_, i) => ({
      topic: 't',
      partition: (i * 7 + (i >> 5)) % PARTITIONS,
      timestamp: 1_700_000_000_000 + (i >> 1),
      value: Buffer.alloc(500, i),
    })),
  )
  await using manager = await ConsumerManager.create({
    config,
    topics: [SourceTopic.fromEarliest('t')],
    maxBufferedBytes: 2 ** 20,
    batchSize: RECORDS / MOVES / 2,
  })
  const rows: Row[] = []
  let moves = 0
  while (!manager.isLive()) {
    rows.push(...rowsOf(await manager.poll()))
    // All partitions at once, each time to the next broker.
    if (moves < MOVES && rows.length > (moves * RECORDS) / MOVES / 1.5) {
      moves++
      for (let partition = 0; partition < PARTITIONS; partition++) {
        cluster.setLeader('t', partition, ((moves + partition) % BROKERS) + 1)
      }
    }
  }
  expect(moves).toBe(MOVES)
  expect(digestOf(rows)).toBe(digestOf(expectedOf(log).replay))
})
