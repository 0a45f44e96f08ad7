/** The middle one; of an even number the mean of the middle two; null of none. */
export function median(numbers) {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Of two lists of runs the ratios within a round, so that a slow minute of the machine counts for
 * both; then their median.
 */
export function medianRatio(runs, others, figure) {
  const ofRound = new Map(others.map((run) => [run.round, run]))
  return median(
    runs.flatMap((run) => {
      const other = ofRound.get(run.round)
      return other ? [figure(run) / figure(other)] : []
    }),
  )
}

export const recordsPerSecond = ({ records, seconds_first_to_last }) =>
  records / seconds_first_to_last
