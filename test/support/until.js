import { setTimeout as sleep } from 'node:timers/promises'

/** A sanitizer slows all down: test/sanitize.mjs says how much. */
const SLOWNESS = Number(process.env.TIDEMARK_TEST_SLOWNESS ?? 1)
/**
 * Longer than anything that is waited for takes, also where the machine's cores are busy with other
 * things: then it does not happen. How fast it happens is the benchmark's question.
 */
export const DEADLINE_MS = 30_000 * SLOWNESS

/**
 * Waits for a condition; rejects after `deadlineMs`, and says what was waited for.
 *
 * @param {string} what
 * @param {() => boolean | Promise<boolean>} isTrue
 */
export async function until(what, isTrue, deadlineMs = DEADLINE_MS) {
  const end = performance.now() + deadlineMs
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await sleep(5)
  }
}
