import type { Fault } from './fault.js'

/** What one replay came to. */
export interface Replayed {
  /** Null: nothing. */
  wrong: string | null
  happened: Fault['what'][]
  /** The longest time without a row while no fault was there. */
  longestWaitMs: number
}

/** What all replays came to. */
export class Summary {
  readonly wrong: string[] = []
  #replays = 0
  #longestWaitMs = 0
  readonly #faults = new Map<string, number>()
  readonly #begin = Date.now()

  get minutes(): number {
    return (Date.now() - this.#begin) / 60_000
  }

  /** @param what the seed, and what was to happen */
  add({ wrong, happened, longestWaitMs }: Replayed, what: string): void {
    this.#replays++
    this.#longestWaitMs = Math.max(this.#longestWaitMs, longestWaitMs)
    for (const fault of happened) this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1)
    if (wrong) this.wrong.push(`${what}: ${wrong}`)
  }

  get lines(): string[] {
    const faults = [...this.#faults].sort(([a], [b]) => (a < b ? -1 : 1))
    const total = faults.reduce((sum, [, count]) => sum + count, 0)
    return [
      `${this.#replays} replays in ${this.minutes.toFixed(1)} minutes, ${this.wrong.length} wrong`,
      `${total} faults: ${faults.map(([fault, count]) => `${fault} ${count}`).join(', ')}`,
      `longest wait for a row after a fault had passed: ${(this.#longestWaitMs / 1e3).toFixed(1)} s`,
      ...this.wrong,
    ]
  }
}
