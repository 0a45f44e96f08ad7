import { readRows } from './read-rows.js'
import { until } from './until.js'

const CLEANER_DEADLINE_MS = 60_000
const HOUR = 3_600_000

/** Properties: the cleaner leaves the newest segment alone, and takes older ones as soon as it can. */
export const COMPACTED = {
  'cleanup.policy': 'compact',
  'min.cleanable.dirty.ratio': 0.001,
  'segment.ms': HOUR / 2,
  'max.compaction.lag.ms': 1,
}

/** Resolves when the cleaner has left of each key only the newest record, but for the last. */
export async function untilCompacted(
  config: { 'bootstrap.servers': string },
  topic: string,
): Promise<void> {
  const isClean = async () => {
    const rows = (await readRows(config, topic)).slice(0, -1)
    return new Set(rows.map(({ key }) => key)).size === rows.length
  }
  await until('the log is compacted', isClean, CLEANER_DEADLINE_MS)
}
