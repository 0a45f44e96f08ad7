import { invalidOption } from './check.js'

interface OwnedProperties {
  names: string[]
  /** What tidemark sets, or does not change: the one value that is accepted. */
  value?: string
  /** What to do instead. */
  instead: string
}

const NO_COMMITS = 'tidemark keeps offsets itself and commits none; leave it out'
const NO_GROUP = 'tidemark reads without a consumer group; leave it out'
const BY_BUDGET = 'it is derived from maxBufferedBytes; use that option'
const NO_CALLBACKS = 'a callback cannot be given as a property'

/**
 * The properties that belong to the engine. A test holds the values against those that it sets
 * (`own_properties` in native/kafka/configuration.cc).
 */
export const OWNED: readonly OwnedProperties[] = [
  {
    names: ['enable.auto.commit', 'auto.commit.enable', 'enable.auto.offset.store'],
    value: 'false',
    instead: NO_COMMITS,
  },
  {
    names: [
      'auto.commit.interval.ms',
      'offset.store.method',
      'offset.store.path',
      'offset.store.sync.interval.ms',
    ],
    instead: NO_COMMITS,
  },
  {
    names: ['auto.offset.reset'],
    value: 'error',
    instead: 'a SourceTopic says where to start, and an offset that is gone is an error',
  },
  {
    names: ['enable.partition.eof'],
    value: 'true',
    instead: 'use manager.isLive() to learn of the end of the replay',
  },
  { names: ['check.crcs'], value: 'true', instead: 'checksums are always checked' },
  { names: ['allow.auto.create.topics'], value: 'false', instead: 'create the topic beforehand' },
  {
    names: ['queued.min.messages', 'queued.max.messages.kbytes'],
    instead: BY_BUDGET,
  },
  {
    names: ['fetch.message.max.bytes', 'max.partition.fetch.bytes', 'fetch.max.bytes'],
    instead: BY_BUDGET,
  },
  { names: ['fetch.min.bytes'], value: '1', instead: 'a live record is never kept waiting' },
  {
    names: ['fetch.queue.backoff.ms', 'fetch.error.backoff.ms'],
    instead: 'tidemark sets it for the replay and for live; leave it out',
  },
  { names: ['consume.record.batches'], value: 'true', instead: 'leave it out' },
  {
    names: ['topic.blacklist'],
    instead: 'only what the option topics names is read; leave topics out there',
  },
  { names: ['max.poll.records'], instead: 'use the option batchSize' },
  {
    names: [
      'group.instance.id',
      'partition.assignment.strategy',
      'session.timeout.ms',
      'heartbeat.interval.ms',
      'group.protocol.type',
      'group.protocol',
      'group.remote.assignor',
      'coordinator.query.interval.ms',
      'max.poll.interval.ms',
      'share.acknowledgement.mode',
    ],
    instead: NO_GROUP,
  },
  {
    names: ['statistics.interval.ms'],
    value: '0',
    instead: 'use manager.partitionState() and the other methods of the manager',
  },
  { names: ['enable.metrics.push'], value: 'false', instead: 'leave it out' },
  { names: ['log.queue'], value: 'true', instead: 'use the option logger' },
  { names: ['log_cb', 'error_cb'], instead: `${NO_CALLBACKS}; use the option logger` },
  {
    names: ['oauthbearer_token_refresh_cb', 'enable.sasl.oauthbearer.unsecure.jwt'],
    instead: 'use the option oauthToken',
  },
  {
    names: [
      'enabled_events',
      'throttle_cb',
      'stats_cb',
      'background_event_cb',
      'socket_cb',
      'connect_cb',
      'closesocket_cb',
      'open_cb',
      'resolve_cb',
      'consume_cb',
      'rebalance_cb',
      'offset_commit_cb',
      'ssl.certificate.verify_cb',
      'ssl_engine_callback_data',
      'consume.callback.max.messages',
      'interceptors',
      'opaque',
      'default_topic_conf',
    ],
    instead: `${NO_CALLBACKS}; leave it out`,
  },
]

const OWNED_BY_NAME = new Map(
  OWNED.flatMap((owned) => owned.names.map((name) => [name, owned] as const)),
)

/** Below the shortest, brokers would be asked at the ends of the logs without a pause. */
const FETCH_WAIT = { name: 'fetch.wait.max.ms', shortest: 10, longest: 300_000 }

/** Other than in `OWNED` the accepted value depends on an option. */
const ISOLATION_LEVEL = 'isolation.level'

/** Reads a property of the engine, or throws; undefined: it is none. */
export function readOwned(
  name: string,
  value: unknown,
  isolationLevel: string,
): string | undefined {
  if (name === FETCH_WAIT.name) return readFetchWait(value)
  const owned =
    name === ISOLATION_LEVEL
      ? { value: isolationLevel, instead: 'use the option isolationLevel' }
      : OWNED_BY_NAME.get(name)
  if (!owned) return undefined
  const isOurs = typeof value !== 'object' && String(value) === owned.value
  if (owned.value !== undefined && isOurs) return owned.value
  throw invalidOption(`config: '${name}' cannot be set: ${owned.instead}`)
}

function readFetchWait(value: unknown): string {
  const { name, shortest, longest } = FETCH_WAIT
  const text = typeof value === 'number' ? String(value) : value
  const ms = typeof text === 'string' && /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
  if (ms >= shortest && ms <= longest) return String(ms)
  throw invalidOption(
    `config: '${name}' must be ${shortest} to ${longest}: for so long, at most, a broker keeps a ` +
      'fetch; leave it out, or raise it for a remote storage that answers more slowly',
  )
}
