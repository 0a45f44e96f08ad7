import { describeType } from '../describe.js'
import { suggestion } from '../suggestion.js'
import { checkServers } from './bootstrap-servers.js'
import { invalidOption } from './check.js'
import { foreignName } from './foreign-properties.js'
import { readOwned } from './owned-properties.js'
import { checkPemText } from './pem-text.js'
import { checkAliases } from './property-aliases.js'
import { checkSecurityProtocol, usesOAuth } from './security-protocol.js'
import { checkSafety } from './unsafe-properties.js'

/** A property as librdkafka knows it. */
export interface KnownProperty {
  name: string
  /** 'producer', 'consumer' or '*' */
  scope: string
  /** the property that this is another name of; empty: of none */
  aliasOf: string
}

/** What stands in the place of a secret. */
export const MASK = '[secret]'

/** Rather too much than too little: a value that is masked needlessly does no harm. */
const SECRET = /password|passphrase|secret|token|private\.key|^ssl_key$|\.pem$|oauthbearer\.config/

/** How a client's properties are checked, beside what holds for all. */
interface PropertyRules {
  /** Whose properties are refused, and why. */
  refused: { scope: 'producer' | 'consumer'; because: string }
  allowUnsafeConfig: readonly string[]
  /** Reads a property that has rules of its own, or throws; undefined: this one has none. */
  readOwned?(name: string, value: unknown): string | undefined
}

/**
 * Checks `config` and gives it back as strings. No message quotes a value: a misspelt name may stand
 * before a password.
 *
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function readProperties(
  config: unknown,
  known: readonly KnownProperty[],
  rules: PropertyRules,
): Record<string, string> {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw invalidOption(
      "config must be an object of librdkafka properties, as { 'bootstrap.servers': 'host:9092' }" +
        `, not ${describeType(config)}`,
    )
  }
  const scopes = new Map(known.map(({ name, scope }) => [name, scope]))
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(config)) {
    checked[name] = rules.readOwned?.(name, value) ?? readProperty(name, value, scopes, rules)
  }
  checkAliases(checked, new Map(known.map(({ name, aliasOf }) => [name, aliasOf || name])))
  checkServers(checked)
  checkSecurityProtocol(checked)
  return checked
}

function readProperty(
  name: string,
  value: unknown,
  scopes: ReadonlyMap<string, string>,
  { refused, allowUnsafeConfig }: PropertyRules,
): string {
  const scope = scopes.get(name)
  if (scope === undefined) {
    throw invalidOption(
      `config: librdkafka has no property '${name}'` +
        (foreignName(name) ?? suggestion(name, scopes.keys())),
    )
  }
  if (scope === refused.scope) {
    throw invalidOption(
      `config: '${name}' is a property of ${scope}s, and ${refused.because}${foreignName(name) ?? ''}`,
    )
  }
  const text = propertyToString(name, value)
  checkSafety(name, text, allowUnsafeConfig)
  checkPemText(name, text)
  return text
}

/** What the other options say that properties have to agree with. */
export interface PropertyContext {
  isolationLevel: string
  hasOAuthToken: boolean
  allowUnsafeConfig: readonly string[]
}

/** Of a ConsumerManager. @throws TidemarkError `ERR_INVALID_OPTION` */
export function checkProperties(
  config: unknown,
  known: readonly KnownProperty[],
  context: PropertyContext,
): Record<string, string> {
  const checked = readProperties(config, known, {
    refused: { scope: 'producer', because: 'tidemark only reads' },
    allowUnsafeConfig: context.allowUnsafeConfig,
    readOwned: (name, value) => readOwned(name, value, context.isolationLevel),
  })
  const isOAuth = usesOAuth(checked)
  if (isOAuth !== context.hasOAuthToken) {
    throw invalidOption(
      isOAuth
        ? "config: 'sasl.mechanisms' is OAUTHBEARER: give the option oauthToken"
        : "oauthToken is never called unless config has 'sasl.mechanisms': 'OAUTHBEARER', " +
            "and 'sasl_ssl' or 'sasl_plaintext' as its 'security.protocol'",
    )
  }
  return checked
}

/** Whether the value must not be shown. */
export function isSecretProperty(name: string): boolean {
  return SECRET.test(name)
}

/** `config` as it may be shown. */
export function maskSecrets(config: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, isSecretProperty(name) ? MASK : value]),
  )
}

function propertyToString(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  throw invalidOption(
    `config: '${name}' must be a string, a finite number or a boolean, not ${
      typeof value === 'number' ? value : describeType(value)
    }${Array.isArray(value) ? ": lists are strings with ',' between their items" : ''}`,
  )
}
