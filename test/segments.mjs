// Segments: the folder of an Apache Kafka with every codec, transactions and a compacted topic, of any
// size: its files give the rows of the broker, for both isolation levels and from every start, while
// it runs and once it has stopped.
//
//   npm run test:segments [-- --records N]
//     --records  about how many, 1,000,000 if not given
import { parseArgs } from 'node:util'
import { runJest } from './steps/jest.mjs'
import { ApacheKafka } from './support/apache-kafka.js'

async function main() {
  const { values } = parseArgs({ options: { records: { type: 'string', default: '1000000' } } })
  const records = Number(values.records)
  if (!Number.isSafeInteger(records) || records < 20_000)
    throw new Error(`--records must be a whole number from 20000 on, not ${values.records}`)
  const missing = await ApacheKafka.missing()
  if (missing) throw new Error(`it needs a Kafka broker of its own: ${missing}`)
  const { failed } = runJest(
    'segments',
    ['--selectProjects', 'brokers', '--testPathPatterns', 'segments.test.ts'],
    { TIDEMARK_SEGMENTS_RECORDS: values.records },
  )
  if (failed > 0) process.exitCode = 1
}

main().catch((error) => {
  process.stderr.write(`segments: ${error.message}\n`)
  process.exitCode = 1
})
