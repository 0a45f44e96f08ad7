const FOREVER = '9223372036854775807'
const MIB = 2 ** 20

/** Of every broker that is started here: what tests need of it. @param {number} brokers how many */
export function testProperties(brokers) {
  const replicas = Math.min(3, brokers)
  return {
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // Records have whatever timestamps and sizes a test gives them, and stay.
    'log.retention.ms': -1,
    'log.message.timestamp.after.max.ms': FOREVER,
    'log.message.timestamp.before.max.ms': FOREVER,
    'message.max.bytes': 16 * MIB,
    'replica.fetch.max.bytes': 16 * MIB,
    // What runs in the background does so soon.
    'log.cleaner.backoff.ms': 200,
    'log.cleaner.dedupe.buffer.size': 16 * MIB,
    'log.retention.check.interval.ms': 500,
    'log.segment.delete.delay.ms': 1_000,
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': 500,
    'leader.imbalance.check.interval.seconds': 1,
    'broker.session.timeout.ms': 6_000,
    'broker.heartbeat.interval.ms': 500,
  }
}
