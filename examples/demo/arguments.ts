import { parseArgs } from 'node:util'
import { SourceTopic } from 'tidemark'

/** What the command line asks for. */
export type Arguments =
  | { source: 'help' }
  | { source: 'embedded' }
  | { source: 'cluster'; config: Record<string, string>; topics: SourceTopic[] }

export const HELP = `Replays topics in timestamp order, then shows live records with their latency.

  npm run demo
      on a cluster inside the process, with topics of its own; ends by itself

  npm run demo -- --bootstrap host:port --topic name [--topic name …] [--from when]
                  [--config name=value …]
      on your cluster, where it only reads; ends with Ctrl-C

  --bootstrap  brokers, as host:port,host:port
  --topic      a topic to read; may be given again
  --from       earliest (the default), latest, or milliseconds ago
  --config     a librdkafka property, as security.protocol=SASL_SSL; may be given again
  --help       this text
`

/** @throws Error that says what is wrong with the command line */
export function readArguments(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      bootstrap: { type: 'string' },
      topic: { type: 'string', multiple: true },
      from: { type: 'string' },
      config: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return { source: 'help' }
  const { bootstrap, topic = [], from = 'earliest', config = [] } = values
  if (bootstrap === undefined) {
    const stray = (['topic', 'from', 'config'] as const).find((name) => values[name] !== undefined)
    if (stray) throw new Error(`--${stray} goes with --bootstrap`)
    return { source: 'embedded' }
  }
  if (topic.length === 0) throw new Error('--bootstrap goes with one or more --topic')
  return {
    source: 'cluster',
    config: { ...Object.fromEntries(config.map(property)), 'bootstrap.servers': bootstrap },
    topics: topic.map((name) => startOf(name, from)),
  }
}

function property(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error('--config takes name=value')
  return [text.slice(0, at), text.slice(at + 1)]
}

function startOf(name: string, from: string): SourceTopic {
  if (from === 'earliest') return SourceTopic.fromEarliest(name)
  if (from === 'latest') return SourceTopic.fromLatest(name)
  if (/^\d+$/.test(from)) return SourceTopic.fromRelativeTime(name, Number(from))
  throw new Error(`--from takes earliest, latest or milliseconds ago, not '${from}'`)
}
