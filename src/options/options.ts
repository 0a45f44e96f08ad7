import { type ColumnName, checkColumns, type RecordColumns } from '../columns/columns.js'
import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import type { NativeBinding, NativeOptions } from '../native.js'
import { readOptions } from '../read-options.js'
import { simplified } from '../suggestion.js'
import { readEpochMs } from '../topics/epoch-time.js'
import type { ClientEventListener, Logger, OAuthTokenProvider } from './callbacks.js'
import {
  type Check,
  callback,
  invalidOption,
  LARGEST_TIMEOUT_MS,
  optional,
  readInteger,
} from './check.js'
import { foreignName } from './foreign-properties.js'
import type { KnownProperty } from './properties.js'
import { checkResume, resumedCutoff, resumeOption } from './resume-option.js'
import {
  checkSource,
  checkSources,
  type OneSourceOptions,
  SOURCE_OPTION_NAMES,
  type SourceOptionName,
  type SourceOptions,
} from './source-options.js'
import { checkUntil, type Until } from './until.js'

/**
 * Options of a stream as a whole. Sizes in bytes, times in milliseconds.
 *
 * @typeParam Name - the names of the columns; they follow from `columns`
 */
export interface StreamOptions<Name extends ColumnName = keyof RecordColumns> {
  /**
   * The columns of a RecordBatch, in this order; one that is left out costs nothing. Default
   * `['key', 'value', 'topic', 'partition', 'offset', 'timestamp']`.
   */
  columns?: readonly Name[]
  /** The most rows in a RecordBatch: 1 to 16,777,216. Default 10,000. */
  batchSize?: number
  /**
   * The most bytes of keys and values in a RecordBatch, if `columns` has them: 1 KiB to 1 GiB. A larger
   * record gets a batch of its own. Default 16 MiB, or a quarter of `maxBufferedBytes` if that is less.
   */
  maxBatchBytes?: number
  /**
   * The budget for what is fetched and not yet in a RecordBatch: 1 MiB or more, and at least 64 KiB per
   * partition. The batch that is prepared comes on top. A fetch is up to 1/256 of it for a partition
   * and 1/64 for a broker: raise it for a distant broker. Default 256 MiB, or 64 KiB per partition if
   * that is more.
   */
  maxBufferedBytes?: number
  /**
   * Where the stream ends: `'now'`, at what is in the log when it is created; a time that is past, before
   * the first record of each partition at or past it; or before an offset of each partition. No live
   * phase follows: loops end, `poll` rejects with `ERR_ENDED`, and `phase()` is `'ended'`. Default: it
   * goes on in live.
   */
  until?: Until
  /**
   * Epoch milliseconds or a Date: the replay of each partition ends as with `until`, at that time or at
   * what is in the log, and live follows. One record of a producer with a fast clock is enough to end it.
   * Default none.
   */
  cutoffMs?: number | Date
  /**
   * A token of an interrupted stream, as `token()` returned it: this stream is the rest of that one. It
   * wins over the starts of the topics that it has; the others start as they say. Default none.
   */
  resume?: string | null | undefined
  /**
   * What happens when a timestamp steps back within its partition: `'count'` counts it in the column
   * `late_records` of `partitionState()`, `'error'` ends the stream with `ERR_LATE_RECORD`.
   * Default `'count'`.
   */
  onLateRecord?: 'count' | 'error'
  /** Default `'read_committed'`: records of aborted and open transactions are left out. */
  isolationLevel?: 'read_committed' | 'read_uncommitted'
  /**
   * Sums up all rows, for `digest()`: two runs with the same digest had the same rows in the same order.
   * Default false.
   */
  digest?: boolean
  /** How long `create` may take, in ms. Default 30,000. */
  createTimeoutMs?: number
  /**
   * How long `close` may wait for brokers, name servers and the disk of a capture, in ms. Default 5,000.
   */
  closeTimeoutMs?: number
  /**
   * Batches that `postMessage` can move to another thread, with a transfer list. Costs a copy of each
   * batch. Default false.
   */
  transferable?: boolean
  /**
   * A poll rejects with `ERR_STALLED` when a partition has more data and none of it has arrived for so
   * long, in ms, counted while polls are pending: 100 or more, or Infinity for never. The next poll
   * continues: an outage that heals loses nothing. Default 60,000.
   */
  stallTimeoutMs?: number
  /** Called with each log line of librdkafka. Without it they are dropped. */
  logger?: Logger
  /** Called with each event: brokers, errors that heal, throttling, tokens, stalls. */
  onEvent?: ClientEventListener
}

/** Who asks for other columns than the default ones has to name them. */
type ColumnsGiven<Name extends ColumnName> = [Name, keyof RecordColumns] extends [
  keyof RecordColumns,
  Name,
]
  ? unknown
  : Required<Pick<StreamOptions<Name>, 'columns'>>

/**
 * Options of `ConsumerManager.create` for a stream of one source. They are read once. Sizes in bytes,
 * times in milliseconds.
 *
 * @typeParam Name - the names of the columns; they follow from `columns`
 */
export type ConsumerManagerOptions<Name extends ColumnName = keyof RecordColumns> =
  // `sources` comes first since TypeScript, which goes by what is absent, in this order, then takes
  // options whose `config` is in a spread for those of brokers.
  { sources?: undefined } & StreamOptions<Name> & ColumnsGiven<Name> & OneSourceOptions

/**
 * Options of `ConsumerManager.create` for a stream of several sources: clusters, folders of log
 * segments, or both. What is of one source is said there, all else beside `sources`.
 */
export type MultiSourceOptions<Name extends ColumnName = keyof RecordColumns> =
  StreamOptions<Name> &
    ColumnsGiven<Name> & {
      /** One or more, in any order: the rows do not depend on it. */
      sources: readonly SourceOptions[]
    } & { [Name in SourceOptionName]?: undefined }

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
/** Below it, what every fetch takes would be a stall. */
const SHORTEST_STALL_TIMEOUT_MS = 100

/** The one place for defaults. */
export const DEFAULTS = Object.freeze({
  columns: Object.freeze([
    'key',
    'value',
    'topic',
    'partition',
    'offset',
    'timestamp',
  ]) as readonly (keyof RecordColumns)[],
  batchSize: 10_000,
  // Larger ones leave the cache: docs/design.md#a-batch-fits-the-cache.
  maxBatchBytes: 16 * MIB,
  maxBufferedBytes: 256 * MIB,
  onLateRecord: 'count',
  isolationLevel: 'read_committed',
  createTimeoutMs: 30_000,
  closeTimeoutMs: 5_000,
  stallTimeoutMs: 60_000,
  transferable: false,
  digest: false,
})

/** A smaller budget makes smaller batches: the one that is prepared comes on top of it. */
const defaultBatchBytes = (maxBufferedBytes: number) =>
  Math.min(DEFAULTS.maxBatchBytes, Math.floor(maxBufferedBytes / 4))

/** Options after the check, frozen. */
export interface CheckedOptions {
  readonly native: NativeOptions
  /** By the name of the source. */
  readonly oauthTokens: ReadonlyMap<string, OAuthTokenProvider>
  readonly logger: Logger | undefined
  readonly onEvent: ClientEventListener | undefined
}

const CHECKS = {
  columns: (value) => value,
  batchSize: integer(1, 16_777_216),
  maxBatchBytes: integer(KIB, GIB),
  maxBufferedBytes: integer(MIB, Number.MAX_SAFE_INTEGER),
  cutoffMs: optional((value, name) => readEpochMs(value, name, 'ERR_INVALID_OPTION')),
  resume: (value, name) => optional(resumeOption)(value ?? undefined, name),
  until: optional(checkUntil),
  onLateRecord: oneOf('count', 'error'),
  isolationLevel: oneOf('read_committed', 'read_uncommitted'),
  createTimeoutMs: integer(1, LARGEST_TIMEOUT_MS),
  closeTimeoutMs: integer(1, LARGEST_TIMEOUT_MS),
  stallTimeoutMs: stallTimeout,
  transferable: boolean,
  digest: boolean,
  logger: optional(callback<Logger>('({ level, message }) => console[level](message)')),
  onEvent: optional(callback<ClientEventListener>('(event) => console.log(event)')),
} satisfies { [Name in keyof StreamOptions]-?: Check<unknown> }

const STREAM_OPTION_NAMES = Object.keys(CHECKS) as (keyof typeof CHECKS)[]
export const OPTION_NAMES = [...SOURCE_OPTION_NAMES, 'sources', ...STREAM_OPTION_NAMES] as const

type Checked = { [Name in keyof typeof CHECKS]: ReturnType<(typeof CHECKS)[Name]> }

/**
 * @param known the properties that librdkafka knows, and the columns that there are
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function checkOptions(
  options: unknown,
  known: Pick<NativeBinding, 'properties' | 'columns'>,
): CheckedOptions {
  const properties = known.properties()
  const given = readOptions(
    'ConsumerManager.create',
    options,
    OPTION_NAMES,
    'ERR_INVALID_OPTION',
    (name) => asProperty(name, properties),
  )
  const defaults: Record<string, unknown> = DEFAULTS
  const checked = Object.fromEntries(
    STREAM_OPTION_NAMES.map((name) => {
      const value = given[name] === undefined ? defaults[name] : given[name]
      return [name, CHECKS[name](value, name)]
    }),
  ) as Checked
  const { until } = checked
  if (until && checked.cutoffMs !== undefined) {
    throw invalidOption(
      'until and cutoffMs exclude each other: cutoffMs ends the replay and goes on in live, until ' +
        'ends the stream; give until alone, which may be a time as well',
    )
  }
  const context = {
    properties,
    isolationLevel: checked.isolationLevel,
    now: Date.now(),
    endOffsets: until?.at === 'offsets' ? until.offsets : undefined,
    elsewhere: (name: string) => asStreamOption(name) ?? asProperty(name, properties),
  }
  if (given.sources !== undefined) refuseOptionsOfOneSource(given)
  const sources =
    given.sources === undefined
      ? [checkSource(given, context)]
      : checkSources(given.sources, context)
  const { resume } = checked
  const cutoffMs = until?.at === 'time' ? until.epochMs : checked.cutoffMs
  if (resume) {
    checkResume(resume, { ...checked, cutoffMs, sources: sources.map(({ native }) => native) })
  }
  return Object.freeze({
    native: Object.freeze({
      sources: sources.map(({ native }) => native),
      columns: checkColumns(
        checked.columns,
        known.columns().map(({ name }) => name),
      ),
      batchSize: checked.batchSize,
      maxBatchBytes:
        given.maxBatchBytes === undefined
          ? defaultBatchBytes(checked.maxBufferedBytes)
          : checked.maxBatchBytes,
      maxBufferedBytes: checked.maxBufferedBytes,
      bufferedBytesMayGrow: given.maxBufferedBytes === undefined,
      cutoffMs: (resume ? resumedCutoff(resume, cutoffMs, until !== undefined) : cutoffMs) ?? null,
      resume: resume?.text ?? null,
      endsAfterReplay: until !== undefined,
      endsAtOffsets: until?.at === 'offsets',
      failOnLateRecord: checked.onLateRecord === 'error',
      readCommitted: checked.isolationLevel === 'read_committed',
      digest: checked.digest,
      createTimeoutMs: checked.createTimeoutMs,
      closeTimeoutMs: checked.closeTimeoutMs,
      stallTimeoutMs:
        checked.stallTimeoutMs === Number.POSITIVE_INFINITY ? 0 : checked.stallTimeoutMs,
      wantsLogs: checked.logger !== undefined,
      wantsClientEvents: checked.onEvent !== undefined,
      transferable: checked.transferable,
    }),
    oauthTokens: new Map(
      sources.flatMap(({ native, oauthToken }) => (oauthToken ? [[native.name, oauthToken]] : [])),
    ),
    logger: checked.logger,
    onEvent: checked.onEvent,
  })
}

/** Other clients have what belongs into `config` beside their own options. */
function asProperty(name: string, known: readonly KnownProperty[]): string | undefined {
  const property = known.find((each) => simplified(each.name) === simplified(name))
  return property ? `; in config it is '${property.name}'` : foreignName(name)
}

function asStreamOption(name: string): string | undefined {
  const isOne = (STREAM_OPTION_NAMES as readonly string[]).includes(name)
  return isOne ? '; it is of the whole stream: give it beside sources' : undefined
}

function refuseOptionsOfOneSource(given: { [Name in SourceOptionName]?: unknown }) {
  const name = SOURCE_OPTION_NAMES.find((each) => given[each] !== undefined)
  if (name === undefined) return
  throw invalidOption(
    `sources and ${name} exclude each other: put ${name} into each source that it is of, as ` +
      `sources: [{ name: 'eu', ${name}, … }]`,
  )
}

function integer(min: number, max: number): Check<number> {
  return (value, name) => readInteger(value, name, min, max, 'ERR_INVALID_OPTION')
}

function stallTimeout(value: unknown, name: string): number {
  if (value === Number.POSITIVE_INFINITY) return value
  try {
    return integer(SHORTEST_STALL_TIMEOUT_MS, LARGEST_TIMEOUT_MS)(value, name)
  } catch (error) {
    if (!(error instanceof TidemarkError)) throw error
    throw invalidOption(`${error.message}; Infinity turns it off`)
  }
}

function oneOf<Value extends string>(...allowed: Value[]): Check<Value> {
  return (value, name) => {
    if (allowed.includes(value as Value)) return value as Value
    const list = allowed.map((one) => `'${one}'`).join(' or ')
    throw invalidOption(`${name} must be ${list}, not ${describe(value)}`)
  }
}

function boolean(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  throw invalidOption(`${name} must be true or false, not ${describe(value)}`)
}
