/** All that needs apache-arrow when it runs. Loaded by the first `create`: see consumer-manager.ts. */
export { toPartitionState } from './partition-state.js'
export { RecordBatchFactory } from './record-batch.js'
