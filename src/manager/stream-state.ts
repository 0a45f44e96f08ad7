import type { NativeEngine } from '../native.js'

/** What the manager's state methods read: the engine itself or, after `close`, what it said last. */
export type StreamState = Pick<
  NativeEngine,
  'isLive' | 'watermark' | 'heldMessageCount' | 'pausedPartitionCount' | 'partitionState'
>

/** The state as it is now, for good; nothing is held or paused any more. */
export function lastStateOf(engine: StreamState): StreamState {
  const isLive = engine.isLive()
  const watermark = engine.watermark()
  const partitions = engine
    .partitionState()
    .map((partition) => Object.freeze({ ...partition, isPaused: false }))
  return {
    isLive: () => isLive,
    watermark: () => watermark,
    heldMessageCount: () => 0,
    pausedPartitionCount: () => 0,
    partitionState: () => partitions,
  }
}
