import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { freePorts } from '../support/apache-kafka/ports.js'
import { ApacheKafka } from '../support/apache-kafka.js'
import { KafkaCluster } from '../support/cluster.js'
import { expectedOf } from '../support/oracle.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf, nameOf, type Row, rowsOf } from '../support/rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const PARTITIONS = 6
const RECORDS = 12_000
const MIB = 2 ** 20
const BROKERS = [1, 2, 3]

let kafka: ApacheKafka
let cluster: KafkaCluster
beforeAll(async () => {
  kafka = await ApacheKafka.start({ brokers: BROKERS.length })
  cluster = new KafkaCluster(kafka.bootstrapServers())
}, 300_000)
afterAll(async () => {
  await cluster?.close()
  await kafka?.close()
})

let topic: string
let expected: Row[]
/** Records of 1 kB in small record batches, so that a budget of 1 MiB holds but a few of them. */
async function write(replicas: number): Promise<void> {
  topic = await cluster.createTopic('t', PARTITIONS, {}, replicas)
  const log = await writeLog(
    { ...cluster.config, 'batch.num.messages': 50 },
    Array.from({ length: RECORDS }, (_, i) => ({
      topic,
      partition: (i * 5 + (i >> 4)) % PARTITIONS,
      timestamp: TIME + (i >> 1),
      value: Buffer.alloc(1_000, i),
    })),
  )
  expected = expectedOf(log).replay
}

/**
 * Reads a half of the replay, lets something happen, and reads the rest. Meanwhile `read(count)`
 * reads so many of the rows between.
 */
async function replayAround(
  happens: (read: (count: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic)],
    maxBufferedBytes: MIB,
    batchSize: 500,
  })
  const rows: Row[] = []
  const read = async (count: number) => {
    const wanted = rows.length + count
    while (rows.length < wanted && !manager.isLive()) rows.push(...rowsOf(await manager.poll()))
  }
  await read(RECORDS / 4)
  await happens(read)
  rows.push(...(await replayOf(manager)))
  expect(rows.map(nameOf)).toEqual(expected.map(nameOf))
  expect(digestOf(rows)).toBe(digestOf(expected))
}

/** By partition. */
async function leaders(): Promise<number[]> {
  const admin = await cluster.admin()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const partitions = [...(topics[0]?.partitions ?? [])]
  return partitions.sort((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader)
}

test('a replay goes on when the only replica of a partition is killed and comes back', async () => {
  await write(1)
  await replayAround(async (read) => {
    await kafka.broker(2).kill()
    await Promise.all([read(RECORDS / 4), kafka.broker(2).start()])
  })
})

test('a replay goes on with other leaders when a broker is killed', async () => {
  await write(3)
  await replayAround(async (read) => {
    expect(await leaders()).toContain(3)
    await kafka.broker(3).kill()
    await read(RECORDS / 4)
    await until('others lead its partitions', async () => !(await leaders()).includes(3))
  })
  await kafka.broker(3).start()
})

test('a replay goes on while the brokers are restarted one after another', async () => {
  await write(3)
  await replayAround(async (read) => {
    for (const id of BROKERS) {
      await kafka.broker(id).stop()
      await Promise.all([read(RECORDS / 8), kafka.broker(id).start()])
    }
  })
}, 180_000)

test('a replay goes on while partitions move to other brokers', async () => {
  await write(1)
  const admin = await cluster.admin()
  await replayAround(async (read) => {
    const elsewhere = (await leaders()).map((leader) => (leader % BROKERS.length) + 1)
    await admin.alterPartitionReassignments({
      topics: [
        {
          topic,
          partitionAssignment: elsewhere.map((broker, partition) => ({
            partition,
            replicas: [broker],
          })),
        },
      ],
    })
    await until(
      'the partitions have moved',
      async () => {
        await read(100)
        return String(await leaders()) === String(elsewhere)
      },
      60_000,
    )
  })
})

test('a replay goes on when all brokers are killed, and some time later are back', async () => {
  await write(1)
  await replayAround(async () => {
    await Promise.all(BROKERS.map((id) => kafka.broker(id).kill()))
    await Promise.all(BROKERS.map((id) => kafka.broker(id).start()))
  })
})

test('a replay goes on when brokers come back on other addresses', async () => {
  await write(1)
  const moved = [1, 2]
  const ports = await freePorts(moved.length)
  await replayAround(async () => {
    for (const id of moved) {
      const listener = `PLAINTEXT://127.0.0.1:${ports[id - 1]}`
      const { CONTROLLER } = kafka.broker(id).ports
      await kafka.restart(id, {
        listeners: `${listener},CONTROLLER://127.0.0.1:${CONTROLLER}`,
        'advertised.listeners': listener,
      })
    }
  })
}, 180_000)
