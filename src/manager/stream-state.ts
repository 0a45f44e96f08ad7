import type { NativeEngine } from '../native.js'

/** What the manager's state methods read: the engine itself or, after `close`, what it said last. */
export type StreamState = Pick<
  NativeEngine,
  | 'phase'
  | 'watermark'
  | 'heldMessageCount'
  | 'pausedPartitionCount'
  | 'partitionState'
  | 'token'
  | 'digest'
>

/** The state as it is now, for good; nothing is held or paused any more. */
export function lastStateOf(engine: StreamState): StreamState {
  const phase = engine.phase()
  const watermark = engine.watermark()
  const partitions = engine
    .partitionState()
    .map((partition) => Object.freeze({ ...partition, isPaused: false }))
  return {
    phase: () => phase,
    watermark: () => watermark,
    heldMessageCount: () => 0,
    pausedPartitionCount: () => 0,
    partitionState: () => partitions,
    // The engine's own goes by its last answer: there is no use in making one for nobody.
    token: () => engine.token(),
    digest: () => engine.digest(),
  }
}
