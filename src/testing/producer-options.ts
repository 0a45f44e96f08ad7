import { describe, describeType } from '../describe.js'
import { TidemarkError } from '../errors.js'
import { type KnownProperty, propertyToString } from '../properties.js'
import { suggestion } from '../suggestion.js'
import { checkSafety, checkUnsafeNames } from '../unsafe-properties.js'

/** Options of `Producer.create`. They are read once. Times in ms. */
export interface ProducerOptions {
  /**
   * librdkafka properties, passed through; `'bootstrap.servers'` is needed. Good to know:
   * `'compression.codec'`, `'batch.num.messages'` (records in a record batch), `'linger.ms'`,
   * `'message.max.bytes'` (1,000,000 by default), `'transactional.id'`.
   */
  config: Record<string, string | number | boolean>
  /** How long `flush` and each step of a transaction may take. Default 30,000. */
  timeoutMs?: number
  /**
   * Properties in `config` that run commands, load code or weaken authentication have to be named
   * here. Default none.
   */
  allowUnsafeConfig?: readonly string[]
  /** How long `close` may wait for records that are on their way. Default 5,000. */
  closeTimeoutMs?: number
}

export interface CheckedProducerOptions {
  config: Record<string, string>
  timeoutMs: number
  closeTimeoutMs: number
}

const DEFAULTS = { timeoutMs: 30_000, closeTimeoutMs: 5_000 }
const OPTION_NAMES = ['config', 'allowUnsafeConfig', ...Object.keys(DEFAULTS)]
const LARGEST_TIMEOUT_MS = 2 ** 31 - 1

/** @throws TidemarkError `ERR_INVALID_OPTION` */
export function checkProducerOptions(
  options: unknown,
  known: readonly KnownProperty[],
): CheckedProducerOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`Producer.create takes one object, { config, … }, not ${describe(options)}`)
  }
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) {
      throw invalid(`there is no option '${name}'${suggestion(name, OPTION_NAMES)}`)
    }
  }
  const { config, allowUnsafeConfig, timeoutMs, closeTimeoutMs } = options as Record<
    string,
    unknown
  >
  const allowed = checkUnsafeNames(allowUnsafeConfig ?? [], 'allowUnsafeConfig')
  return {
    config: checkConfig(config, known, allowed),
    timeoutMs: checkTimeout('timeoutMs', timeoutMs),
    closeTimeoutMs: checkTimeout('closeTimeoutMs', closeTimeoutMs),
  }
}

function checkConfig(
  config: unknown,
  known: readonly KnownProperty[],
  allowUnsafeConfig: readonly string[],
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
    const scope = scopes.get(name)
    if (scope === undefined) {
      throw invalid(
        `config: librdkafka has no property '${name}'${suggestion(name, scopes.keys())}`,
      )
    }
    if (scope === 'consumer') throw invalid(`config: '${name}' is a property of consumers`)
    checked[name] = propertyToString(name, value)
    checkSafety(name, checked[name], allowUnsafeConfig)
  }
  if (!checked['bootstrap.servers']?.trim()) {
    throw invalid("config: 'bootstrap.servers' is missing; give 'host:port' of one or more brokers")
  }
  return checked
}

function checkTimeout(name: keyof typeof DEFAULTS, value: unknown): number {
  if (value === undefined) return DEFAULTS[name]
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= 1 &&
    value <= LARGEST_TIMEOUT_MS
  ) {
    return value
  }
  throw invalid(
    `${name} must be an integer from 1 to ${LARGEST_TIMEOUT_MS.toLocaleString('en')}, ` +
      `not ${describe(value)}`,
  )
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_OPTION', message)
}
