import { describeType } from './describe.js'
import { TidemarkError } from './errors.js'
import { suggestion } from './suggestion.js'
import { checkSafety } from './unsafe-properties.js'

/** A property as librdkafka knows it. */
export interface KnownProperty {
  name: string
  /** 'producer', 'consumer' or '*' */
  scope: string
}

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

/** The properties that belong to the engine. The values are those of native/kafka/client.cc. */
const OWNED: OwnedProperties[] = [
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

const SERVERS = ['bootstrap.servers', 'metadata.broker.list']
const ADDRESS = /^((plaintext|ssl|sasl_plaintext|sasl_ssl):\/\/)?[^\s/]+$/i
const MECHANISMS = ['sasl.mechanisms', 'sasl.mechanism']

/** What stands in the place of a secret. */
export const MASK = '[secret]'

/** Rather too much than too little: a value that is masked needlessly does no harm. */
const SECRET = /password|passphrase|secret|token|private\.key|^ssl_key$|\.pem$|oauthbearer\.config/

/** How a client's properties are checked, beside what holds for all. */
interface PropertyRules {
  /** Whose properties are refused, and why. */
  refused: { scope: 'producer' | 'consumer'; because: string }
  allowUnsafeConfig: readonly string[]
  /** Reads a property that has rules of its own, or throws; undefined: this one has none. */
  readOwned?(name: string, value: unknown): string | undefined
}

/**
 * Checks `config` and gives it back as strings. No message quotes a value: a misspelt name may stand
 * before a password.
 *
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function readProperties(
  config: unknown,
  known: readonly KnownProperty[],
  rules: PropertyRules,
): Record<string, string> {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw invalid(
      "config must be an object of librdkafka properties, as { 'bootstrap.servers': 'host:9092' }" +
        `, not ${describeType(config)}`,
    )
  }
  const scopes = new Map(known.map(({ name, scope }) => [name, scope]))
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(config)) {
    checked[name] = rules.readOwned?.(name, value) ?? readProperty(name, value, scopes, rules)
  }
  checkServers(checked)
  return checked
}

/** librdkafka leaves out what it cannot read, and then waits for brokers that it does not have. */
function checkServers(config: Record<string, string>): void {
  const given = SERVERS.filter((name) => config[name]?.trim())
  if (given.length === 0) {
    throw invalid("config: 'bootstrap.servers' is missing; give 'host:port' of one or more brokers")
  }
  for (const name of given) {
    const addresses = (config[name] as string).split(',').map((address) => address.trim())
    if (addresses.every((address) => address === '' || ADDRESS.test(address))) continue
    throw invalid(
      `config: '${name}' must be 'host:port' of one or more brokers, with commas between, ` +
        'without spaces, http:// or a path',
    )
  }
}

function readProperty(
  name: string,
  value: unknown,
  scopes: ReadonlyMap<string, string>,
  { refused, allowUnsafeConfig }: PropertyRules,
): string {
  const scope = scopes.get(name)
  if (scope === undefined) {
    throw invalid(`config: librdkafka has no property '${name}'${suggestion(name, scopes.keys())}`)
  }
  if (scope === refused.scope) {
    throw invalid(`config: '${name}' is a property of ${scope}s, and ${refused.because}`)
  }
  const text = propertyToString(name, value)
  checkSafety(name, text, allowUnsafeConfig)
  return text
}

/** What the other options say that properties have to agree with. */
export interface PropertyContext {
  isolationLevel: string
  hasOAuthToken: boolean
  allowUnsafeConfig: readonly string[]
}

/** Of a ConsumerManager. @throws TidemarkError `ERR_INVALID_OPTION` */
export function checkProperties(
  config: unknown,
  known: readonly KnownProperty[],
  context: PropertyContext,
): Record<string, string> {
  const checked = readProperties(config, known, {
    refused: { scope: 'producer', because: 'tidemark only reads' },
    allowUnsafeConfig: context.allowUnsafeConfig,
    readOwned: (name, value) => readOwned(name, value, context.isolationLevel),
  })
  const isOAuth = MECHANISMS.some((name) => checked[name]?.toUpperCase() === 'OAUTHBEARER')
  if (isOAuth !== context.hasOAuthToken) {
    throw invalid(
      isOAuth
        ? "config: 'sasl.mechanisms' is OAUTHBEARER: give the option oauthToken"
        : "oauthToken is never called unless config has 'sasl.mechanisms': 'OAUTHBEARER'",
    )
  }
  return checked
}

/** Whether the value must not be shown. */
export function isSecretProperty(name: string): boolean {
  return SECRET.test(name)
}

/** `config` as it may be shown. */
export function maskSecrets(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, isSecretProperty(name) ? MASK : value]),
  )
}

function readOwned(name: string, value: unknown, isolationLevel: string): string | undefined {
  if (name === FETCH_WAIT.name) return readFetchWait(value)
  const owned =
    name === ISOLATION_LEVEL
      ? { value: isolationLevel, instead: 'use the option isolationLevel' }
      : OWNED_BY_NAME.get(name)
  if (!owned) return undefined
  const isOurs = typeof value !== 'object' && String(value) === owned.value
  if (owned.value !== undefined && isOurs) return owned.value
  throw invalid(`config: '${name}' cannot be set: ${owned.instead}`)
}

function readFetchWait(value: unknown): string {
  const { name, shortest, longest } = FETCH_WAIT
  const text = propertyToString(name, value)
  const ms = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN
  if (ms >= shortest && ms <= longest) return text
  throw invalid(
    `config: '${name}' must be ${shortest} to ${longest}: for so long, at most, a broker keeps a ` +
      'fetch; leave it out, or raise it for a remote storage that answers more slowly',
  )
}

function propertyToString(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  throw invalid(
    `config: '${name}' must be a string, a finite number or a boolean, not ${
      typeof value === 'number' ? value : describeType(value)
    }${Array.isArray(value) ? ": lists are strings with ',' between their items" : ''}`,
  )
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_OPTION', message)
}
