import { sep } from 'node:path'
import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import type { NativeSource } from '../native.js'
import { readOptions } from '../read-options.js'
import { isSourceTopic, type SourceTopic, toNativeTopic } from '../topics/source-topic.js'
import type { OAuthTokenProvider } from './callbacks.js'
import { type CaptureOptions, checkCapture } from './capture-options.js'
import { type Check, callback, folder, invalidOption, optional } from './check.js'
import { checkProperties, type KnownProperty } from './properties.js'
import { checkUnsafeNames } from './unsafe-properties.js'
import { readEndOffsets } from './until.js'

interface Topics {
  /** One or more, each topic once. */
  topics: readonly SourceTopic[]
}

/** What is said of a client of brokers. */
interface ClientOptions {
  /**
   * librdkafka properties; `'bootstrap.servers'` is required. Those that tidemark sets itself are
   * refused, with the option to use instead; `'group.id'` is accepted and ignored.
   */
  config: Record<string, string | number | boolean>
  /** For `'sasl.mechanisms': 'OAUTHBEARER'`: returns a token and when it expires. */
  oauthToken?: OAuthTokenProvider
  /**
   * Names of properties in `config` that run commands, load code or weaken authentication, and are
   * meant. Default none.
   */
  allowUnsafeConfig?: readonly string[]
  /**
   * Writes what is fetched to a folder, as Kafka's own log segments. The option `segments` and Kafka's
   * tools read them. Default none.
   */
  capture?: CaptureOptions
}

type Absent<Options> = { [Name in keyof Options]?: undefined }

/** What is said of brokers. */
export interface KafkaOptions extends Topics, ClientOptions {
  // Its own, which come first, for the same reason as `sources` in ConsumerManagerOptions.
  segments?: undefined
}

/** What is said of a folder with log segments. */
export interface SegmentOptions extends Topics, Absent<ClientOptions> {
  /**
   * In place of `config`: a folder with Kafka's own log segments, such as the data folder of a broker
   * (`log.dirs`) or a copy of one. It is read without a broker, up to where the files end at creation;
   * nothing is written there. After the replay no record comes.
   */
  segments: string
}

/** What is said of one source: `config` or `segments` says which kind it is. */
export type OneSourceOptions = KafkaOptions | SegmentOptions

/** What may be said of one, whatever its kind. */
export type SourceOptionName = keyof KafkaOptions | keyof SegmentOptions

interface Named {
  /**
   * Not empty, and no other source's. It is a part of what a partition is, and of the order: where
   * two sources have the same topic and partition, records with equal merge keys come by it.
   */
  name: string
}

/** Brokers, as one source of several. */
export interface KafkaSourceOptions extends Named, KafkaOptions {}

/** A folder with log segments, as one source of several. */
export interface SegmentSourceOptions extends Named, SegmentOptions {}

/** One source of several. */
export type SourceOptions = KafkaSourceOptions | SegmentSourceOptions

/** After the check. */
export interface CheckedSource {
  readonly native: NativeSource
  readonly oauthToken: OAuthTokenProvider | undefined
}

/** What a source has to agree with. */
export interface SourceContext {
  isolationLevel: string
  properties: readonly KnownProperty[]
  /** epoch ms that relative starts count from */
  now: number
  /** Where the stream ends, if it does so at offsets: by topic, or of several sources by name. */
  endOffsets: Readonly<Record<string, unknown>> | undefined
  /** Where a name belongs that is no option of a source, for the message. */
  elsewhere(name: string): string | undefined
}

const CHECKS = {
  config: (value) => value,
  segments: optional(folder('/var/lib/kafka/data')),
  topics: sourceTopics,
  allowUnsafeConfig: optional(checkUnsafeNames),
  capture: optional(checkCapture),
  oauthToken: optional(callback<OAuthTokenProvider>('async () => ({ token, lifetimeMs })')),
} satisfies Record<SourceOptionName, Check<unknown>>

export const SOURCE_OPTION_NAMES = Object.keys(CHECKS) as (keyof typeof CHECKS)[]

type Given = { [Name in SourceOptionName]?: unknown }
type Checked = { [Name in keyof typeof CHECKS]: ReturnType<(typeof CHECKS)[Name]> }

/**
 * @param name empty for the only source of a stream, which is written without one
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function checkSource(given: Given, context: SourceContext, name = ''): CheckedSource {
  const checked = Object.fromEntries(
    SOURCE_OPTION_NAMES.map((option) => [option, CHECKS[option](given[option], option)]),
  ) as Checked
  const { segments, topics, oauthToken, allowUnsafeConfig = [], capture = null } = checked
  if (segments !== undefined) refuseOptionsOfClient(given)
  else if (given.config === undefined) throw noSource(name)
  const config =
    segments !== undefined
      ? {}
      : checkProperties(checked.config, context.properties, {
          isolationLevel: context.isolationLevel,
          hasOAuthToken: oauthToken !== undefined,
          allowUnsafeConfig,
        })
  if (segments !== undefined) refuseCommits(topics)
  const endOffsets = context.endOffsets && endOffsetsOf(topics, context.endOffsets, name)
  const native = Object.freeze({
    name,
    config: Object.freeze(config),
    segments: segments ?? null,
    topics: topics.map((topic) => toNativeTopic(topic, context.now, endOffsets?.get(topic.name))),
    capture,
  })
  return { native, oauthToken }
}

/** @throws TidemarkError `ERR_INVALID_OPTION`, for `sources` */
export function checkSources(value: unknown, context: SourceContext): CheckedSource[] {
  const example = "[{ name: 'eu', config, topics }, { name: 'archive', segments, topics }]"
  if (!Array.isArray(value)) {
    throw invalidOption(`sources must be an array, as ${example}, not ${describe(value)}`)
  }
  if (value.length === 0) throw invalidOption(`sources is empty; give one or more, as ${example}`)
  const names = new Set<string>()
  const sources = Array.from(value, (source, index) => {
    const what = `sources[${index}]`
    const options = readOptions(
      what,
      source,
      ['name', ...SOURCE_OPTION_NAMES],
      'ERR_INVALID_OPTION',
      context.elsewhere,
    )
    const name = checkName(options.name, what)
    if (names.has(name)) {
      throw invalidOption(`sources has ${describe(name)} twice; give each a name of its own`)
    }
    names.add(name)
    return ofSource(name, () => checkSource(options, context, name))
  })
  const stranger = Object.keys(context.endOffsets ?? {}).find((name) => !names.has(name))
  if (stranger !== undefined) {
    throw invalidOption(`until has ${describe(stranger)}, which is none of the sources`)
  }
  refuseSharedCaptures(sources.map(({ native }) => native))
  return sources
}

/** Half of a character that is written as two has no UTF-8: two such names would become one. */
const LONE_SURROGATE = /\p{Surrogate}/u

function checkName(name: unknown, what: string): string {
  if (typeof name === 'string' && name !== '' && !LONE_SURROGATE.test(name)) return name
  throw invalidOption(
    `${what}.name must be a text that is not empty, as 'eu', not ${describe(name)}: it says which ` +
      'source a partition is of',
  )
}

/** As native code names a source in the errors that are its own. */
function ofSource<Value>(source: string, check: () => Value): Value {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error
    throw new TidemarkError(error.code, `source '${source}': ${error.message}`, { source })
  }
}

/** A capture owns its folder: both would write the segments of a topic that both have. */
function refuseSharedCaptures(sources: readonly NativeSource[]): void {
  const inside = (dir: string) => (dir.endsWith(sep) ? dir : dir + sep)
  const captures = sources.flatMap(({ name, capture }) =>
    capture ? [{ name, dir: inside(capture.dir) }] : [],
  )
  for (const [index, one] of captures.entries()) {
    const other = captures
      .slice(index + 1)
      .find(({ dir }) => dir.startsWith(one.dir) || one.dir.startsWith(dir))
    if (!other) continue
    throw invalidOption(
      `the captures of the sources '${one.name}' and '${other.name}' share a folder; give each a ` +
        'capture.dir of its own, and none within another',
    )
  }
}

const OPTIONS_OF_CLIENT = [
  'config',
  'oauthToken',
  'allowUnsafeConfig',
  'capture',
] as const satisfies readonly (keyof ClientOptions)[]

function refuseOptionsOfClient(given: Given): void {
  const name = OPTIONS_OF_CLIENT.find((each) => given[each] !== undefined)
  if (name === undefined) return
  throw invalidOption(
    `segments and ${name} exclude each other: segments reads the files of a folder, without ` +
      `a broker; leave out ${name}, or segments to read from brokers`,
  )
}

function refuseCommits(topics: readonly SourceTopic[]): void {
  const topic = topics.find(({ start }) => start.at === 'committed')
  if (!topic) return
  throw invalidOption(
    `topic '${topic.name}' starts at what a group has committed, which segments do not have; give ` +
      'the offsets with SourceTopic.fromOffsets',
  )
}

function endOffsetsOf(
  topics: readonly SourceTopic[],
  given: Readonly<Record<string, unknown>>,
  source: string,
) {
  const names = topics.map(({ name }) => name)
  if (source === '') return readEndOffsets(given, 'until', names)
  if (given[source] === undefined) {
    throw invalidOption(
      `until has no offsets for this source; with sources they are by source, as { '${source}': { ` +
        `'${names[0]}': { 0: 120n } } }`,
    )
  }
  return readEndOffsets(given[source], `until.${source}`, names)
}

function noSource(name: string): TidemarkError {
  const several = name === '' ? ', or sources for several of these' : ''
  return invalidOption(
    "nothing says what to read: give config for brokers, as { 'bootstrap.servers': 'host:9092' }, or " +
      `segments for a folder with log segments, as '/var/lib/kafka/data'${several}`,
  )
}

function sourceTopics(value: unknown): SourceTopic[] {
  if (!Array.isArray(value)) {
    throw invalidOption(
      `topics must be an array, as [SourceTopic.fromEarliest('trades')], not ${describe(value)}`,
    )
  }
  if (value.length === 0) {
    throw invalidOption(
      "topics is empty; give one or more, as [SourceTopic.fromEarliest('trades')]",
    )
  }
  const names = new Set<string>()
  return Array.from(value, (topic, index) => {
    if (!isSourceTopic(topic)) {
      throw invalidOption(
        `topics[${index}] must be a SourceTopic, not ${describe(topic)}; ` +
          "make one with SourceTopic.fromEarliest('trades')",
      )
    }
    if (names.has(topic.name)) {
      throw invalidOption(`topics has '${topic.name}' twice; a topic has one start in a manager`)
    }
    names.add(topic.name)
    return topic
  })
}
