import { invalidOption } from './check.js'
import { givenValue } from './property-aliases.js'

export const SECURITY_PROTOCOLS = ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl']
/** librdkafka's. */
const DEFAULT = 'plaintext'
const MECHANISMS = ['sasl.mechanisms', 'sasl.mechanism']

/** What a protocol may have beside the connection, and the properties that speak of it. */
const LAYERS = [
  { isIn: (protocol: string) => protocol.startsWith('sasl_'), properties: /^(enable\.)?sasl\./ },
  { isIn: (protocol: string) => protocol.endsWith('ssl'), properties: /^(enable\.)?ssl[._]/ },
]

/** In lower case; undefined where it is none that there is, which librdkafka refuses. */
export function securityProtocolOf(config: Readonly<Record<string, string>>): string | undefined {
  const protocol = givenValue(config, ['security.protocol'])?.toLowerCase() ?? DEFAULT
  return SECURITY_PROTOCOLS.includes(protocol) ? protocol : undefined
}

export function usesOAuth(config: Readonly<Record<string, string>>): boolean {
  return givenValue(config, MECHANISMS)?.toUpperCase() === 'OAUTHBEARER'
}

/**
 * A password or a CA that is given must never lead to a connection in clear: librdkafka leaves out,
 * without a word, what its protocol has no use for. Every property counts, also one with its
 * default as its value, since it says what the user believes; a blank one is none.
 *
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function checkSecurityProtocol(config: Readonly<Record<string, string>>): void {
  const protocol = securityProtocolOf(config)
  if (protocol === undefined) return
  const given = Object.keys(config).filter((name) => givenValue(config, [name]) !== undefined)
  const unused = LAYERS.filter(({ isIn }) => !isIn(protocol)).flatMap(({ properties }) =>
    given.filter((name) => properties.test(name)),
  )
  if (unused.length === 0) return
  const list = unused.map((name) => `'${name}'`).join(', ')
  throw invalidOption(
    `config: ${list} would not be used, since 'security.protocol' is ${protocol}` +
      `${given.includes('security.protocol') ? '' : ' (the default)'}; set ` +
      `'security.protocol': ${protocolFor(protocol, given)}, or leave out what is not used`,
  )
}

/** The one that uses all that is given. */
function protocolFor(protocol: string, given: readonly string[]): string {
  const [sasl, ssl] = LAYERS.map(
    ({ isIn, properties }) => isIn(protocol) || given.some((name) => properties.test(name)),
  )
  if (!sasl) return "'ssl'"
  return ssl ? "'sasl_ssl'" : "'sasl_ssl' (or 'sasl_plaintext', where the brokers have no TLS)"
}
