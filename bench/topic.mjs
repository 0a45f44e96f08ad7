import { spawnSync } from 'node:child_process'
import { log } from './log.mjs'
import { program } from './native/build.mjs'

const TIMEOUT_MS = 600_000

/** Creates a workload's topic with its records, unless it is there. */
export function loadTopic(bootstrap, { topic, partitions, records, load }) {
  const settings = { bootstrap, topic, partitions, records, ...load }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  args.push('--config', 'retention.ms=-1')
  if (records > 0) log(`${topic}: ${records} records over ${partitions} partitions, if new`)
  const stdio = ['ignore', 'ignore', 2]
  const { status, error } = spawnSync(program('load'), args, { stdio, timeout: TIMEOUT_MS })
  if (error) throw error
  if (status !== 0) throw new Error(`the topic ${topic} could not be loaded`)
}
