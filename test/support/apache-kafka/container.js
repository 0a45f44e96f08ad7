import { VERSION } from './jars.js'
import { freePorts } from './ports.js'
import { testProperties } from './properties.js'

const IMAGE = `apache/kafka:${VERSION}`

/**
 * Starts Apache Kafka's own image through testcontainers, which also ends it with this process.
 *
 * @returns {Promise<import('../apache-kafka.js').Kafka | { missing: string, hasDocker: boolean }>}
 */
export async function startContainer() {
  const testcontainers = await import('testcontainers')
  try {
    await testcontainers.getContainerRuntimeClient()
  } catch {
    return { missing: 'no engine answers', hasDocker: false }
  }
  // The same port inside and outside: the broker also reaches itself by the address that it gives.
  const [port] = /** @type {[number]} */ (await freePorts(1))
  try {
    const container = await new testcontainers.GenericContainer(IMAGE)
      .withExposedPorts({ container: port, host: port })
      .withEnvironment(environment(port))
      .withWaitStrategy(testcontainers.Wait.forLogMessage(/Kafka Server started/))
      .withStartupTimeout(180_000)
      .start()
    return {
      bootstrapServers: `127.0.0.1:${port}`,
      what: `Apache Kafka ${VERSION}, in a container`,
      close: async () => void (await container.stop()),
    }
  } catch (error) {
    return { missing: `${IMAGE} did not start: ${error}`, hasDocker: true }
  }
}

/** What the image makes its server.properties of. @param {number} port */
function environment(port) {
  const properties = {
    'node.id': 1,
    'process.roles': 'broker,controller',
    'controller.quorum.voters': '1@127.0.0.1:9093',
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://:${port},CONTROLLER://127.0.0.1:9093`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    ...testProperties(1),
  }
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      String(value),
    ]),
  )
}
