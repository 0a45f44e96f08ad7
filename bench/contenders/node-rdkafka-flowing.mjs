// node-rdkafka, a 'data' event a record.
import { rdkafkaContender } from '../support/rdkafka-contender.mjs'

export const { name, kind, gives, isForReplayAlone, prepare, version, run } = rdkafkaContender(
  'node-rdkafka-flowing',
  'node-rdkafka',
  'flowing',
)
