import { setTimeout } from 'node:timers/promises'

/** Waits for a condition; rejects after `deadlineMs`, and says what was waited for. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
): Promise<void> {
  const end = performance.now() + deadlineMs
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await setTimeout(5)
  }
}
