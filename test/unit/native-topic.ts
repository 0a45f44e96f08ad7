import type { NativeTopic } from '../../src/native.js'

/** What native code gets of a topic, where a test says nothing else. */
export const nativeTopic = (changes: Partial<NativeTopic>): NativeTopic => ({
  ...{ name: 'a', start: 'earliest', timestampMs: 0, partitions: [], startOffsets: [] },
  ...{ group: '', outOfRange: 'fail', endOffsets: [] },
  ...changes,
})
