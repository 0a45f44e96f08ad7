// @confluentinc/kafka-javascript through the interface that it has from node-rdkafka.
import { rdkafkaContender } from '../support/rdkafka-contender.mjs'

export const { name, kind, gives, prepare, version, run } = rdkafkaContender(
  'confluent',
  '@confluentinc/kafka-javascript',
  'batches',
)
