import { writeFileSync } from 'node:fs'

const NO_RECORD_FOR_MS = 15_000

/**
 * Notes how long each record took from the moment at which it was to be sent, which its value
 * starts with (see native/live_load.cc), to the moment at which the contender has it.
 */
export class LiveMeter {
  #latencies
  #file
  #skip
  #records = 0
  #done
  #cpuBefore
  #started
  #timer

  /** Resolves when every record that counts was seen, or none for long. */
  done = new Promise((resolve) => (this.#done = resolve))

  /**
   * @param {object} live
   * @param {number} live.records how many are sent
   * @param {number} live.skip how many of them come first and are not counted: they warm up
   * @param {string} live.file gets the latencies in µs, as 32-bit numbers
   */
  constructor({ records, skip, file }) {
    this.#latencies = new Uint32Array(records - skip)
    this.#skip = skip
    this.#file = file
  }

  /** The contender reads: the producer may start. */
  ready() {
    this.#started = performance.now()
    this.#cpuBefore = process.cpuUsage()
    this.#timer = setTimeout(() => this.#finish(), NO_RECORD_FOR_MS)
    process.stdout.write('ready\n')
  }

  add(_key, value) {
    this.addAt(value, 0, process.hrtime.bigint())
  }

  /** A record whose value lies in `bytes` from `at` on, and that was there at `now`. */
  addAt(bytes, at, now) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 16)
    const index = Number(view.getBigInt64(8, true))
    if (index < this.#skip || this.#records === this.#latencies.length) return
    const microseconds = Number(now - view.getBigInt64(0, true)) / 1e3
    this.#latencies[this.#records++] = Math.round(microseconds)
    if (this.#records % 1024 === 0) this.#timer.refresh()
    if (this.#records === this.#latencies.length) this.#finish()
  }

  #finish() {
    clearTimeout(this.#timer)
    writeFileSync(this.#file, this.#latencies.subarray(0, this.#records))
    const cpu = process.cpuUsage(this.#cpuBefore)
    this.#done({
      records: this.#records,
      seconds: (performance.now() - this.#started) / 1e3,
      cpu_seconds: (cpu.user + cpu.system) / 1e6,
    })
  }
}
