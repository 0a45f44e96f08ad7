import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { setConsumerByteRate } from '../support/client-quota.js'
import { KafkaCluster } from '../support/cluster.js'
import { replayOf } from '../support/read-rows.js'

const PARTITIONS = 2
const BYTES = 400_000
/** A broker measures over ten seconds: the second partition has to wait for about six. */
const BYTES_PER_SECOND = 50_000
const SOCKET_TIMEOUT_MS = 2_000

const cluster = new KafkaCluster()
afterAll(() => cluster.close())

// The broker reads nothing while it throttles: what was sent meanwhile timed out after five seconds,
// the connection was given up, and what had been asked for counted once more against the quota.
test('a quota that throttles for longer than socket.timeout.ms costs no connection', async () => {
  const topic = await cluster.createTopic('quota', PARTITIONS)
  await using producer = await Producer.create({
    config: { ...cluster.config, 'message.max.bytes': 2 * BYTES },
  })
  const value = Buffer.alloc(BYTES, 'x')
  for (let partition = 0; partition < PARTITIONS; partition++)
    await producer.send({ topic, partition, timestamp: partition + 1, value })
  await producer.flush()
  const clientId = topic
  await setConsumerByteRate(cluster.config['bootstrap.servers'], clientId, BYTES_PER_SECOND)

  const events: string[] = []
  let throttled = 0
  await using manager = await ConsumerManager.create({
    config: { ...cluster.config, 'client.id': clientId, 'socket.timeout.ms': SOCKET_TIMEOUT_MS },
    topics: [SourceTopic.fromEarliest(topic)],
    onEvent(event) {
      events.push(event.type)
      if (event.type === 'throttled') throttled = Math.max(throttled, event.throttleMs)
    },
  })
  expect(await replayOf(manager)).toHaveLength(PARTITIONS)
  expect(throttled).toBeGreaterThan(SOCKET_TIMEOUT_MS)
  expect(events).not.toContain('brokerDown')
  expect(events).not.toContain('error')
})
