/** '–': it is not known. */
export const mebibytes = (bytes) =>
  bytes === null ? '–' : (bytes / 2 ** 20).toFixed(bytes > 0 && bytes < 2 ** 20 ? 1 : 0)

/** Of one run: the peak above the base. */
export const growth = ({ peak, before }) => peak - before.rss

/** What is shown of the account. */
const PARTS = [
  ['responses', ['responses']],
  ['queued', ['queued', 'queuedOverhead']],
  ['merging', ['merging', 'mergingOverhead']],
  ['batches', ['preparedBatches', 'handedOutBatches', 'freeBatches']],
  ['inflating', ['inflating']],
  ['rest held', ['decoding', 'spareBuffers', 'client']],
]
const TITLES = PARTS.map(([title]) => title)
const partsOf = (held) => PARTS.map(([, names]) => names.reduce((sum, name) => sum + held[name], 0))

/**
 * `other` is what no part has: what is being decompressed, code, and what malloc keeps, as far as it is
 * resident. `malloc free` is all that it keeps, which may never have been written to.
 */
export function atPeakOf(results) {
  return [
    ['shape', 'above base', 'of all runs', ...TITLES, 'V8', 'other', 'malloc free'],
    ...results.map((result) => {
      const { name, growths, before, atPeak } = result
      const { held, process: all, heldBytes } = atPeak
      const v8 = all.heapTotal + all.arrayBuffers - before.heapTotal - before.arrayBuffers
      const other = all.rss - before.rss - heldBytes - v8
      const spread = [growths[0], growths.at(-1)].map(mebibytes).join(' to ')
      const figures = [...partsOf(held), v8, other, all.mallocFree]
      return [name, mebibytes(growth(result)), spread, ...figures.map(mebibytes)]
    }),
  ]
}

export const largestOf = (results) => [
  ['shape', 'seconds', ...TITLES, 'malloc free', 'at the end'],
  ...results.map(({ name, seconds, before, largest, atEnd }) => [
    ...[name, seconds.toFixed(1)],
    ...[...partsOf(largest), largest.mallocFree, atEnd - before.rss].map(mebibytes),
  ]),
]
