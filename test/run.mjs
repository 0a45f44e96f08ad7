// The tests: every step that this machine allows, one after another, and what was left out and why.
//
//   node test/run.mjs [step …]     all steps, or those named
//
// Ends with `N passed, N failed, N skipped`, and with an error unless nothing failed.
import { brokers } from './steps/brokers.mjs'
import { kafka } from './steps/kafka.mjs'
import { lint } from './steps/lint.mjs'
import { native } from './steps/native.mjs'
import { packed } from './steps/packed.mjs'
import { simulation } from './steps/simulation.mjs'
import { typescript } from './steps/typescript.mjs'

/**
 * What a step gives back. A check that is no test of a framework (a linter, say) counts as one.
 * @typedef {{ passed: number, failed: number, skipped: number, leftOut?: string[] }} Counts
 */

/** In the order in which they tell most for the least time. @type {Record<string, () => Promise<Counts>>} */
const STEPS = { lint, native, simulation, typescript, kafka, brokers, packed }

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(STEPS, name))
if (unknown.length > 0) {
  console.error(`no step ${unknown.join(', ')}; there are ${Object.keys(STEPS).join(', ')}`)
  process.exit(2)
}

const total = { passed: 0, failed: 0, skipped: 0 }
const failedSteps = []
const leftOut = []
for (const name of named.length > 0 ? named : Object.keys(STEPS)) {
  console.log(`\n=== ${name}`)
  const started = performance.now()
  let counts
  try {
    counts = await STEPS[name]()
  } catch (error) {
    console.error(error)
    counts = { passed: 0, failed: 1, skipped: 0 }
  }
  for (const key of Object.keys(total)) total[key] += counts[key]
  if (counts.failed > 0) failedSteps.push(name)
  leftOut.push(...(counts.leftOut ?? []))
  const seconds = ((performance.now() - started) / 1e3).toFixed(0)
  console.log(`=== ${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`)
}

console.log()
for (const reason of leftOut) console.log(`left out: ${reason}`)
if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0
