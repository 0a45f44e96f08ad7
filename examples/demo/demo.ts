// The demo: several topics as one stream in timestamp order, first the replay, then live.
import { ConsumerManager, type SourceTopic } from 'tidemark'
import { type Arguments, HELP, readArguments } from './arguments.js'
import { EmbeddedCluster } from './embedded-cluster.js'
import { type Latencies, latenciesByTimestamp, latenciesByValue, live } from './live.js'
import { count, perSecond, printState } from './print.js'
import { replay } from './replay.js'

const LIVE_MS = 6_000

/** From here on Ctrl-C aborts the signal; a second one ends the process at once. */
function interruption(): AbortSignal {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  return interrupted.signal
}

async function main(): Promise<void> {
  let args: Arguments
  try {
    args = readArguments(process.argv.slice(2))
  } catch (error) {
    console.error(`${(error as Error).message}\nnpm run demo -- --help tells what it takes`)
    process.exitCode = 2
    return
  }
  if (args.source === 'help') {
    console.log(HELP)
  } else if (args.source === 'cluster') {
    console.log(`Connecting to ${args.config['bootstrap.servers']} …`)
    await show(args.config, args.topics, latenciesByTimestamp)
  } else {
    await showEmbedded()
  }
}

async function showEmbedded(): Promise<void> {
  const cluster = new EmbeddedCluster()
  console.log('Writing history to a cluster inside this process …')
  const started = performance.now()
  const records = await cluster.writeHistory()
  console.log(`Wrote ${count(records)} records, ${perSecond(records, started)} records/s.`)

  let written: Promise<void> | undefined
  await show(cluster.config, cluster.topics, latenciesByValue, (signal) => {
    // Not AbortSignal.any with AbortSignal.timeout: Node 20 may collect the timeout's signal before
    // it fires, and the demo then never ended.
    const ended = new AbortController()
    const timer = setTimeout(() => ended.abort(), LIVE_MS)
    const stop = () => {
      clearTimeout(timer)
      ended.abort()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    written = cluster.writeLive(ended.signal)
    return ended.signal
  })
  await written
  await cluster.close()
}

/** @param onLive called at the switch; returns what is to end the demo, beside Ctrl-C */
async function show(
  config: Record<string, string>,
  topics: SourceTopic[],
  latencies: Latencies,
  onLive = (signal: AbortSignal) => signal,
): Promise<void> {
  const manager = await ConsumerManager.create({ config, topics, batchSize: 10_000 })
  const signal = interruption()
  try {
    await replay(manager, signal)
    printState('The partitions at the switch to live', manager)
    console.log('Live.')
    await live(manager, latencies, onLive(signal))
    printState('The partitions at the end', manager)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await manager.close()
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
