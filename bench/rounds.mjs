import { fileURLToPath } from 'node:url'
import { log } from './log.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs every entry once a round, every second round in the opposite order, so that none always
 * follows the same one. Round 0 warms up broker, page cache and files, and is not counted. An entry
 * that fails is left out of the rounds that follow, unless it must not fail.
 *
 * @template E
 * @param {E[]} entries
 * @param {{ count: number, label: (entry: E) => string, mustWork: (entry: E) => boolean,
 *   run: (entry: E, round: number) => Promise<object>, show: (figures: object) => string }} rounds
 * @returns {Promise<{ runs: object[], failed: Map<E, string> }>}
 */
export async function runRounds(entries, { count, label, mustWork, run, show }) {
  const runs = []
  const failed = new Map()
  for (let round = 0; round <= count; round++) {
    for (const entry of round % 2 ? entries : entries.toReversed()) {
      if (failed.has(entry)) continue
      try {
        const figures = await run(entry, round)
        log(`${round || 'warm-up'} ${label(entry)}: ${show(figures)}`)
        if (round > 0) runs.push({ round, ...figures })
      } catch (error) {
        if (mustWork(entry)) throw error
        failed.set(entry, inOneLine(error))
        log(`${label(entry)} is left out: ${failed.get(entry)}`)
      }
    }
  }
  return { runs, failed }
}

/** The line that tells most, and no path of this machine: it goes to the results. */
function inOneLine({ message }) {
  const lines = message.trim().split('\n')
  const telling = lines.find((line) => /^\s*\w*(Error|Exception)\b/.test(line))
  return (telling ?? lines[0]).trim().replaceAll(ROOT, '')
}
