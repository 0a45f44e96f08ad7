const WARN = 0.08
const FAIL = 0.15

/**
 * Holds ratios against a baseline's, by the name of the measurement. More is better.
 *
 * @param {Record<string, number>} ratios
 * @param {Record<string, number>} baseline
 * @returns {{ name: string, before: number | null, now: number, change: number | null, verdict: string }[]}
 */
export function compare(ratios, baseline) {
  return Object.entries(ratios).map(([name, now]) => {
    const before = baseline[name] ?? null
    if (before === null) return { name, before, now, change: null, verdict: 'no baseline' }
    const change = now / before - 1
    const verdict = -change >= FAIL ? 'FAILED' : -change >= WARN ? 'warning' : 'ok'
    return { name, before, now, change, verdict }
  })
}

/** Rows of text, the head first. */
export const tabulateChanges = (compared) => [
  ['measurement', 'x limit before', 'now', 'change', ''],
  ...compared.map(({ name, before, now, change, verdict }) => [
    ...[name, before?.toFixed(2) ?? '', now.toFixed(2)],
    ...[change === null ? '' : `${change < 0 ? '' : '+'}${(change * 100).toFixed(1)} %`, verdict],
  ]),
]
