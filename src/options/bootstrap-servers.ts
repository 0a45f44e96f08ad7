import { isIPv6 } from 'node:net'
import { invalidOption } from './check.js'
import { SECURITY_PROTOCOLS, securityProtocolOf } from './security-protocol.js'

const NAMES = ['bootstrap.servers', 'metadata.broker.list']

const SCHEME = /^([^:/@]*):\/\//
/** 'host', 'host:port', '[::1]', '[::1]:port'. */
const ADDRESS = /^(?:\[([^[\]]+)\]|[^\s/@:[\]]+)(?::(\d+))?$/
const LARGEST_PORT = 65_535

/**
 * librdkafka leaves out what it cannot read, and then waits for brokers that it does not have; a port
 * that is too large it takes modulo 65,536, and an empty host for this machine.
 *
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function checkServers(config: Readonly<Record<string, string>>): void {
  const given = NAMES.filter((name) => config[name]?.trim())
  if (given.length === 0) {
    throw invalidOption(
      "config: 'bootstrap.servers' is missing; give 'host:port' of one or more brokers",
    )
  }
  const protocol = securityProtocolOf(config)
  for (const name of given) {
    for (const address of (config[name] as string).split(',').map((each) => each.trim())) {
      if (address !== '') checkAddress(name, address, protocol)
    }
  }
}

/** @param protocol undefined: it is none, which librdkafka tells */
function checkAddress(name: string, address: string, protocol: string | undefined): void {
  const scheme = SCHEME.exec(address)?.[1]?.toLowerCase()
  if (scheme !== undefined) {
    // Not quoted: what stands there may be anything.
    if (!SECURITY_PROTOCOLS.includes(scheme)) {
      throw invalidOption(
        `config: '${name}' has a scheme that is no security protocol; write 'host:port' without ` +
          "http:// or the like, and say with 'security.protocol' how to connect: " +
          `${SECURITY_PROTOCOLS.slice(0, -1).join(', ')} or ${SECURITY_PROTOCOLS.at(-1)}`,
      )
    }
    if (protocol !== undefined && scheme !== protocol) {
      throw invalidOption(
        `config: '${name}' has the scheme ${scheme}://, and 'security.protocol' is ${protocol}; ` +
          `set 'security.protocol': '${scheme}', or leave the scheme out`,
      )
    }
  }
  if (isAddress(address.replace(SCHEME, ''))) return
  throw invalidOption(
    `config: '${name}' must be 'host:port' of one or more brokers, with commas between, ` +
      "without spaces, a path or a user's name; a port is a number from 1 to 65535",
  )
}

function isAddress(text: string): boolean {
  if (isIPv6(text)) return true
  const parts = ADDRESS.exec(text)
  if (!parts) return false
  const [, ip, port] = parts
  const isPort = port === undefined || (+port > 0 && +port <= LARGEST_PORT)
  return isPort && (ip === undefined || isIPv6(ip))
}
