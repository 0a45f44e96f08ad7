import type { NativeEvent } from '../native.js'
import type { Logger, LogLevel } from '../options/callbacks.js'

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
