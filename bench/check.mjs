const KEY_BYTES = 8

/** Tells what is wrong with what was read of one workload. */
export class Check {
  #bytesOf = new Map()

  /**
   * Every contender but the limit counts the same bytes: of keys and values, or of values alone.
   *
   * @returns {string[]} faults
   */
  faults({ contender, wanted, records, bytes, value_bytes, megabytes, disorder, gaps }) {
    const found = []
    // The limit and Java's tool count whole record batches and may go past a part of the log.
    const isCoarse = contender === 'limit' || megabytes !== undefined
    if (isCoarse ? records < wanted : records !== wanted) {
      found.push(`${records} records instead of ${wanted}`)
    }
    if (!isCoarse) {
      const counted = bytes ?? value_bytes + KEY_BYTES * records
      const expected = this.#bytesOf.get(wanted) ?? counted
      this.#bytesOf.set(wanted, expected)
      if (counted !== expected) found.push(`${counted} bytes where another had ${expected}`)
    }
    if (disorder) found.push(`${disorder} records out of merge order`)
    if (gaps) found.push(`${gaps} gaps in the offsets`)
    return found
  }
}
