import { openBroker } from './broker.mjs'
import { prepareContenders } from './contenders.mjs'
import { log } from './log.mjs'
import { buildPrograms } from './native/build.mjs'
import { circumstances } from './results.mjs'

/**
 * Measures what the options name.
 *
 * @param {object} options of options.mjs
 * @param {(name: string, measurement: object, around: object) => Promise<void>} keep is called as each
 *   one is done; `around` are the circumstances
 * @returns what bench/results holds
 */
export async function runSuite(options, keep) {
  buildPrograms()
  const { measurements, bootstrap, runs, records, peerRecords, liveSeconds } = options
  const kinds = measurements.map(({ kind }) => kind)
  const contenders = await prepareContenders(
    options.contenders ?? (kinds.some(needsBroker) ? undefined : ['tidemark']),
  )
  let broker = null
  let lastBroker = null
  const around = () => circumstances({ broker: lastBroker, contenders, options })
  const bench = { contenders, runs, records, peerRecords, liveSeconds }
  const done = {}
  try {
    for (const measurement of measurements) {
      const { name, kind } = measurement
      if (needsBroker(kind)) {
        broker ??= await openBroker(bootstrap)
        lastBroker = broker
      } else {
        // It would take its share of the cores.
        await broker?.close()
        broker = null
      }
      log(`measuring ${name}`)
      const { measure } = await import(`./measurements/${kind}.mjs`)
      try {
        const measured = await measure(measurement, { ...bench, ...broker })
        // null: it needs something that is not there.
        if (measured === null) continue
        done[name] = { kind, ...measured }
        await keep(name, done[name], around())
      } catch (error) {
        // What is done is kept; the command fails all the same.
        log(`${name} failed: ${error.message}`)
        process.exitCode = 1
      }
    }
  } finally {
    await broker?.close()
  }
  return { ...around(), measurements: done }
}

const needsBroker = (kind) => kind !== 'micro' && kind !== 'segments'

/** How a measurement is shown: rows of text, the head first. */
export const tabulate = async (measurement) =>
  (await import(`./measurements/${measurement.kind}.mjs`)).tabulate(measurement)
