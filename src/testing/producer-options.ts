import { LARGEST_TIMEOUT_MS, readInteger } from '../options/check.js'
import { type KnownProperty, readProperties } from '../options/properties.js'
import { checkUnsafeNames } from '../options/unsafe-properties.js'
import { readOptions } from '../read-options.js'

/** Options of `Producer.create`. They are read once. Times in ms. */
export interface ProducerOptions {
  /**
   * librdkafka properties; `'bootstrap.servers'` is required. Often useful:
   * `'compression.codec'`, `'batch.num.messages'` (records in a record batch), `'linger.ms'`,
   * `'message.max.bytes'` (1,000,000 by default), `'transactional.id'`.
   */
  config: Record<string, string | number | boolean>
  /** How long `flush` and each step of a transaction may take, in ms. Default 30,000. */
  timeoutMs?: number
  /**
   * Names of properties in `config` that run commands, load code or weaken authentication, and are
   * meant. Default none.
   */
  allowUnsafeConfig?: readonly string[]
  /** How long `close` may wait for records that are being sent, in ms. Default 5,000. */
  closeTimeoutMs?: number
}

export interface CheckedProducerOptions {
  config: Record<string, string>
  timeoutMs: number
  closeTimeoutMs: number
}

const DEFAULTS = { timeoutMs: 30_000, closeTimeoutMs: 5_000 }
const OPTION_NAMES = ['config', 'timeoutMs', 'closeTimeoutMs', 'allowUnsafeConfig'] as const
const CODE = 'ERR_INVALID_OPTION'

/** @throws TidemarkError `ERR_INVALID_OPTION` */
export function checkProducerOptions(
  options: unknown,
  known: readonly KnownProperty[],
): CheckedProducerOptions {
  const given = readOptions('Producer.create', options, OPTION_NAMES, CODE)
  const { config, timeoutMs, closeTimeoutMs, allowUnsafeConfig = [] } = given
  return {
    config: readProperties(config, known, {
      refused: { scope: 'consumer', because: 'a Producer only writes' },
      allowUnsafeConfig: checkUnsafeNames(allowUnsafeConfig, 'allowUnsafeConfig'),
    }),
    timeoutMs: checkTimeout('timeoutMs', timeoutMs),
    closeTimeoutMs: checkTimeout('closeTimeoutMs', closeTimeoutMs),
  }
}

function checkTimeout(name: keyof typeof DEFAULTS, value: unknown = DEFAULTS[name]): number {
  return readInteger(value, name, 1, LARGEST_TIMEOUT_MS, CODE)
}
