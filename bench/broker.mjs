import { BOOTSTRAP_VARIABLE, openKafka } from '../test/support/apache-kafka.js'
import { log } from './log.mjs'

/** The user's broker, or Apache Kafka started here; to be closed. */
export async function openBroker(bootstrap = process.env[BOOTSTRAP_VARIABLE]) {
  // Results do not name it: they may be published.
  if (bootstrap) return { bootstrap, what: "the user's own broker", close: async () => {} }
  log('starting Apache Kafka (another broker: --bootstrap host:port)')
  const kafka = await openKafka(log, { throughput: true })
  if (!kafka) throw new Error('there is no broker: name one with --bootstrap host:port')
  return { bootstrap: kafka.bootstrapServers, what: kafka.what, close: kafka.close }
}
