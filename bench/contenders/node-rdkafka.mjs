// node-rdkafka, in batches of 10,000 by consume(n).
import { rdkafkaContender } from '../support/rdkafka-contender.mjs'

export const { name, kind, gives, isForReplayAlone, prepare, version, run } = rdkafkaContender(
  'node-rdkafka',
  'node-rdkafka',
  'batches',
)
