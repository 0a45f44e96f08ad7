// @confluentinc/kafka-javascript through the interface that it has from node-rdkafka.
import { rdkafkaContender } from '../support/rdkafka-contender.mjs'

export const { name, kind, gives, isForReplayAlone, prepare, version, run } = rdkafkaContender(
  'confluent',
  '@confluentinc/kafka-javascript',
  'batches',
  // Where there is no prebuilt binary it is built with the libraries of the system; otherwise their
  // sources would be downloaded.
  { CKJS_LINKING: 'dynamic' },
)
