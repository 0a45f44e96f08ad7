import { LiveMeter } from './live-meter.mjs'
import { peakRssBytes } from './peak-rss.mjs'

/** What a contender in JavaScript counts with: a replay, or in live the time that records take. */
export const meterFor = (settings) =>
  settings.live ? new LiveMeter(settings.live) : new Meter(settings)

/** What a contender in JavaScript measures on itself: from its start, and from the first record on. */
class Meter {
  #cpuBefore = process.cpuUsage()
  #started = performance.now()
  #first = null
  #records = 0
  #bytes = 0
  #latest = -Infinity
  #stepsBack = 0
  #done
  #wanted
  #check

  /** Resolves when `wanted` records were seen. */
  done = new Promise((resolve) => (this.#done = resolve))

  constructor({ records, check }) {
    this.#wanted = records
    this.#check = check
  }

  /** The contender reads. Of no interest in a replay. */
  ready() {}

  add(key, value, timestamp) {
    if (this.#records === this.#wanted) return
    this.#first ??= performance.now()
    this.#bytes += (key?.length ?? 0) + (value?.length ?? 0)
    if (this.#check) {
      if (timestamp < this.#latest) this.#stepsBack++
      this.#latest = timestamp
    }
    if (++this.#records === this.#wanted) this.#done(this.#figures())
  }

  #figures() {
    const last = performance.now()
    const cpu = process.cpuUsage(this.#cpuBefore)
    return {
      records: this.#records,
      bytes: this.#bytes,
      first_at_ms: performance.timeOrigin + this.#first,
      seconds_first_to_last: (last - this.#first) / 1e3,
      seconds_total: (last - this.#started) / 1e3,
      cpu_seconds: (cpu.user + cpu.system) / 1e6,
      peak_rss_bytes: peakRssBytes(),
      ...(this.#check && { steps_back: this.#stepsBack }),
    }
  }
}
