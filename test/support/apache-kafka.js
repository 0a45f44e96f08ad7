// A Kafka for tests and benchmarks: the user's own, or one that is started here.
//
//     node test/support/apache-kafka.js COMMAND…    runs it with TIDEMARK_TEST_BOOTSTRAP set
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { ApacheKafka } from './apache-kafka/cluster.js'
import { startContainer } from './apache-kafka/container.js'

export { ApacheKafka }

/** The broker that tests use: 'host:port', or more with commas between. */
export const BOOTSTRAP_VARIABLE = 'TIDEMARK_TEST_BOOTSTRAP'

/**
 * @typedef {object} Kafka
 * @property {string} bootstrapServers
 * @property {string} what it is, for people
 * @property {() => Promise<void>} close ends it, if it was started here
 */

/**
 * The first of these that can be had: the user's own broker; one in a container, where a Docker
 * engine answers; one from Maven Central, where Java and Maven are.
 *
 * @param {(line: string) => void} say is told why there is none, or why it is not the first choice
 * @param {{ throughput?: boolean }} [options] true: a broker that serves more, and starts more slowly
 * @returns {Promise<Kafka | null>}
 */
export async function openKafka(say, options = {}) {
  const bootstrapServers = process.env[BOOTSTRAP_VARIABLE]
  if (bootstrapServers) {
    return { bootstrapServers, what: `the Kafka at ${bootstrapServers}`, close: async () => {} }
  }
  const container = await startContainer()
  if ('close' in container) return container
  if (container.hasDocker) say(`${container.missing}; trying without Docker`)
  const missing = await ApacheKafka.missing()
  if (missing) {
    say(
      `no Apache Kafka: ${missing}; Docker: ${container.missing}; or name a broker of yours, as ` +
        `${BOOTSTRAP_VARIABLE}=localhost:9092`,
    )
    return null
  }
  const kafka = await ApacheKafka.start(options)
  return {
    bootstrapServers: kafka.bootstrapServers(),
    what: `Apache Kafka ${ApacheKafka.version}, from Maven Central`,
    close: () => kafka.close(),
  }
}

/** @param {string[]} command */
async function runWithKafka([program, ...args]) {
  if (!program) throw new Error('usage: node test/support/apache-kafka.js COMMAND…')
  const kafka = await openKafka((line) => console.error(line))
  if (!kafka) return 1
  try {
    const env = { ...process.env, [BOOTSTRAP_VARIABLE]: kafka.bootstrapServers }
    const child = spawn(program, args, { stdio: 'inherit', env })
    const [code] = await once(child, 'exit')
    return code ?? 1
  } finally {
    await kafka.close()
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  runWithKafka(argv.slice(2)).then((code) => {
    process.exitCode = code
  })
}
