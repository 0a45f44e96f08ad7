import { openKafka } from '../test/support/apache-kafka.js'
import { log } from './log.mjs'

/** The user's broker, or Apache Kafka started here; to be closed. */
export async function openBroker(bootstrap) {
  if (bootstrap) {
    return { bootstrap, what: 'a broker named by --bootstrap', close: async () => {} }
  }
  log('starting Apache Kafka (another broker: --bootstrap host:port)')
  const kafka = await openKafka(log, { throughput: true })
  if (!kafka) throw new Error('there is no broker: name one with --bootstrap host:port')
  return { bootstrap: kafka.bootstrapServers, what: kafka.what, close: kafka.close }
}
