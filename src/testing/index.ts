export { MockCluster, type MockClusterOptions, type MockTopicOptions } from './mock-cluster.js'
export type { Bytes, ProducerRecord, RecordHeaders } from './packed-records.js'
export { Producer } from './producer.js'
export type { ProducerOptions } from './producer-options.js'
