import { ApacheKafka, BOOTSTRAP_VARIABLE } from '../support/apache-kafka.js'
import { runJest } from './jest.mjs'

/** What starts Apache Kafkas of its own, to configure, stop and kill them. One file at a time. */
export async function brokers(files = [], env = {}) {
  const whyNot = process.env[BOOTSTRAP_VARIABLE]
    ? `${BOOTSTRAP_VARIABLE} names a broker, and they kill theirs`
    : await ApacheKafka.missing()
  if (whyNot) {
    const leftOut = [`tests that start Kafka brokers of their own: ${whyNot}`]
    return { passed: 0, failed: 0, skipped: 0, leftOut }
  }
  return runJest('brokers', ['--selectProjects', 'brokers', '--maxWorkers', '1', ...files], env)
}
