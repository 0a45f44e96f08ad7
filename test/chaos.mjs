// Chaos: replays with random faults of brokers and network, on three Apache Kafkas, each against the
// digest of what was written.
//
//   npm run test:chaos [-- --runs N --seed S --minutes M]
//     --runs     how many replays, 200 if not given
//     --seed     of the first, a new one if not given; it is printed. The next has the next seed
//     --minutes  no further replay begins after so many, 90 if not given
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { runJest } from './steps/jest.mjs'
import { ApacheKafka } from './support/apache-kafka.js'

function number(name, text) {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return text
  throw new Error(`--${name} must be a whole number from 1 on, not ${text}`)
}

async function main() {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
      minutes: { type: 'string', default: '90' },
    },
  })
  const env = {}
  for (const [name, text] of Object.entries(values)) {
    env[`TIDEMARK_CHAOS_${name.toUpperCase()}`] = number(name, text)
  }
  const missing = await ApacheKafka.missing()
  if (missing) throw new Error(`it needs three Kafka brokers of its own: ${missing}`)
  const { failed } = runJest('chaos', ['--selectProjects', 'chaos'], env)
  if (failed > 0) process.exitCode = 1
}

main().catch((error) => {
  process.stderr.write(`chaos: ${error.message}\n`)
  process.exitCode = 1
})
