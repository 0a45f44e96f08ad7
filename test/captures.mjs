// Captures: a set of topics on an Apache Kafka of its own - every codec, transactions, a compacted
// log, several segments a partition - replayed from the broker and from a capture of it.
//
//   node test/captures.mjs [--records N --minutes M]
//     --records  how many are written, 1,000,000 if not given
//     --minutes  it fails after so many, 30 if not given
import { parseArgs } from 'node:util'
import { runJest } from './steps/jest.mjs'
import { ApacheKafka } from './support/apache-kafka.js'

async function main() {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '1000000' },
      minutes: { type: 'string', default: '30' },
    },
  })
  const env = {}
  for (const [name, text] of Object.entries(values)) {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`--${name}: a whole number from 1 on`)
    env[`TIDEMARK_CAPTURES_${name.toUpperCase()}`] = text
  }
  const missing = await ApacheKafka.missing()
  if (missing) throw new Error(`it needs a Kafka broker of its own: ${missing}`)
  const { failed } = runJest('captures', ['--selectProjects', 'captures'], env)
  if (failed > 0) process.exitCode = 1
}

main().catch((error) => {
  process.stderr.write(`captures: ${error.message}\n`)
  process.exitCode = 1
})
