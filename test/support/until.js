import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for a condition; rejects after `deadlineMs`, and says what was waited for.
 *
 * @param {string} what
 * @param {() => boolean | Promise<boolean>} isTrue
 */
export async function until(what, isTrue, deadlineMs = 20_000) {
  const end = performance.now() + deadlineMs
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await sleep(5)
  }
}
