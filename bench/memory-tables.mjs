export const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(bytes > 0 && bytes < 2 ** 20 ? 1 : 0)

/** Of one run: the peak above the base. */
export const growth = ({ peak, before }) => peak - before.rss

/** What is shown of the account. */
const PARTS = [
  ['responses', ['responses']],
  ['queued', ['queued', 'queuedOverhead']],
  ['merging', ['merging', 'mergingOverhead']],
  ['decoding', ['decoding']],
  ['inflating', ['inflating']],
  ['prepared', ['preparedBatches']],
  ['handed out', ['handedOutBatches']],
  ['free batches', ['freeBatches']],
  ['spare, client', ['spareBuffers', 'client']],
]
const sumOf = (parts, names) => names.reduce((sum, name) => sum + parts[name], 0)

/**
 * `other` is what no part has: what is being decompressed, code, and what malloc keeps, as far as it is
 * resident. `malloc free` is all that it keeps, which may never have been written to.
 */
export function atPeakOf(results) {
  const head = ['shape', 'above base', 'of all runs', ...PARTS.map(([title]) => title)]
  return [
    [...head, 'V8', 'other', 'malloc free'],
    ...results.map((result) => {
      const { name, growths, before, atPeak } = result
      const { held, process: all, heldBytes } = atPeak
      const v8 = all.heapTotal + all.arrayBuffers - before.heapTotal - before.arrayBuffers
      const other = all.rss - before.rss - heldBytes - v8
      const parts = PARTS.map(([, names]) => sumOf(held, names))
      const spread = [growths[0], growths.at(-1)].map(mebibytes).join(' to ')
      const figures = [...parts, v8, other, all.mallocFree ?? 0]
      return [name, mebibytes(growth(result)), spread, ...figures.map(mebibytes)]
    }),
  ]
}

export const largestOf = (results) => [
  ['shape', 'seconds', ...PARTS.map(([title]) => title), 'malloc free', 'at the end'],
  ...results.map(({ name, seconds, before, largest, atEnd }) => [
    ...[name, seconds.toFixed(1)],
    ...PARTS.map(([, names]) => mebibytes(sumOf(largest, names))),
    ...[largest.mallocFree, atEnd - before.rss].map(mebibytes),
  ]),
]
