/** The order that tidemark promises: by (merge key, partition), and by offset within a partition. */
export class OrderCheck {
  stepsBack = 0
  disorder = 0
  gaps = 0
  #latest = -Infinity
  #key = -Infinity
  #partition = -1
  #ofPartition = new Map()

  add(batch, rows) {
    const timestamps = batch.getChild('timestamp').data[0].values
    const partitions = batch.getChild('partition').data[0].values
    const offsets = batch.getChild('offset').data[0].values
    for (let row = 0; row < rows; row++) {
      const timestamp = Number(timestamps[row])
      const partition = partitions[row]
      const offset = Number(offsets[row])
      const state = this.#ofPartition.get(partition) ?? { key: -Infinity, next: offset }
      this.#ofPartition.set(partition, state)
      if (offset !== state.next) this.gaps++
      state.next = offset + 1
      state.key = Math.max(state.key, timestamp)
      const isBehind =
        state.key < this.#key || (state.key === this.#key && partition < this.#partition)
      if (isBehind) this.disorder++
      this.#key = state.key
      this.#partition = partition
      if (timestamp < this.#latest) this.stepsBack++
      this.#latest = timestamp
    }
  }
}
