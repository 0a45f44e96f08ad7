import { BOOTSTRAP_VARIABLE, openKafka } from '../support/apache-kafka.js'
import { runJest } from './jest.mjs'

/** What needs a real Kafka, and the behaviour tests once more on it. One broker for all. */
export async function kafka(env = {}) {
  let whyNot = ''
  const broker = await openKafka((line) => {
    whyNot = line
    console.log(line)
  })
  if (!broker) return { passed: 0, failed: 0, skipped: 0, leftOut: [`tests on Kafka: ${whyNot}`] }
  console.log(`on ${broker.what}`)
  try {
    return runJest('kafka', ['--selectProjects', 'kafka', '--maxWorkers', '2'], {
      ...env,
      [BOOTSTRAP_VARIABLE]: broker.bootstrapServers,
    })
  } finally {
    await broker.close()
  }
}
