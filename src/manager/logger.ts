import type { NativeEvent } from '../native.js'

/** The names of console methods: `logger: ({ level, message }) => console[level](message)`. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** A log line of librdkafka. The properties `debug` and `log_level` select which. */
export interface LogEntry {
  level: LogLevel
  /** The part of librdkafka that wrote it, such as 'FAIL' or 'FETCH'. */
  facility: string
  /** Secrets of `config` are masked. */
  message: string
  /** The name of the source that it is of; absent without the option `sources`. */
  source?: string
}

/** Called on the event loop, also while nobody polls. What it throws is an uncaught exception. */
export type Logger = (entry: LogEntry) => void

const LAST_SYSLOG_ERROR = 3
const SYSLOG_WARNING = 4
const SYSLOG_DEBUG = 7

export function logTo(logger: Logger, event: Extract<NativeEvent, { type: 'log' }>): void {
  const { type: _, level, ...said } = event
  // In a microtask: an exception must not come up within native code, which has more to deliver.
  queueMicrotask(() => logger({ level: logLevel(level), ...said }))
}

function logLevel(syslogLevel: number): LogLevel {
  if (syslogLevel <= LAST_SYSLOG_ERROR) return 'error'
  if (syslogLevel === SYSLOG_WARNING) return 'warn'
  return syslogLevel >= SYSLOG_DEBUG ? 'debug' : 'info'
}
