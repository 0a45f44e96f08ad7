import { readFileSync } from 'node:fs'

/**
 * Of this process. Not `resourceUsage().maxRSS`, where there is /proc: that one starts with what the
 * parent had when it forked, which may be more than this process ever takes.
 */
export function peakRssBytes() {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))
    return Number(kib) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
