import { describe } from '../describe.js'
import { suggestion } from '../suggestion.js'
import { invalidOption } from './check.js'

interface UnsafeProperty {
  /** Whether this value is one that needs to be allowed. */
  isUnsafe(value: string): boolean
  /** Ends 'it …'. */
  danger: string
}

const notEmpty = (value: string) => value.trim() !== ''
const LOADS_CODE = 'loads code into this process'

/** Ciphers that OpenSSL calls so neither authenticate nor encrypt; level 0 lets them in. */
const WEAK_CIPHER = /NULL|ADH|AECDH|SECLEVEL=0/i
/** Of a cipher list; what is taken out of it does no harm. */
const weakCiphers = (value: string) =>
  value.split(/[:, ]+/).some((cipher) => !/^[!-]/.test(cipher) && WEAK_CIPHER.test(cipher))

/**
 * Properties that run commands, load code or weaken authentication. The values that are safe are
 * listed, not those that are not: librdkafka takes 'false', 'f' and '0' alike.
 */
const UNSAFE: Readonly<Record<string, UnsafeProperty>> = {
  'sasl.kerberos.kinit.cmd': { isUnsafe: notEmpty, danger: 'runs a shell command' },
  // librdkafka puts them into the shell command of 'sasl.kerberos.kinit.cmd', its default included.
  'sasl.kerberos.principal': { isUnsafe: isNoName, danger: 'becomes part of a shell command' },
  'sasl.kerberos.keytab': { isUnsafe: isNoName, danger: 'becomes part of a shell command' },
  'sasl.kerberos.service.name': { isUnsafe: isNoName, danger: 'becomes part of a shell command' },
  'plugin.library.paths': { isUnsafe: notEmpty, danger: LOADS_CODE },
  'ssl.engine.location': { isUnsafe: notEmpty, danger: LOADS_CODE },
  'ssl.engine.id': { isUnsafe: notEmpty, danger: LOADS_CODE },
  'ssl.providers': { isUnsafe: notEmpty, danger: LOADS_CODE },
  'enable.ssl.certificate.verification': {
    isUnsafe: (value) => !/^(true|t|1)$/i.test(value.trim()),
    danger: 'lets anybody on the network pose as a broker',
  },
  'ssl.endpoint.identification.algorithm': {
    isUnsafe: (value) => !/^https$/i.test(value.trim()),
    danger: 'lets anybody with a certificate of the same authority pose as a broker',
  },
  'enable.sasl.oauthbearer.unsecure.jwt': {
    isUnsafe: (value) => !/^(false|f|0)$/i.test(value.trim()),
    danger: 'authenticates with tokens that nobody signed',
  },
  'ssl.cipher.suites': {
    isUnsafe: weakCiphers,
    danger: 'takes ciphers that neither authenticate nor encrypt',
  },
}

/** Whether a shell could take it for more than a word. */
function isNoName(value: string): boolean {
  return !/^[\w./@:+=-]*$/.test(value)
}

/** @throws TidemarkError `ERR_INVALID_OPTION`, for `allowUnsafeConfig` */
export function checkUnsafeNames(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value)) {
    throw invalidOption(`${name} must be an array of property names, not ${describe(value)}`)
  }
  return Array.from(value, (property, index) => {
    if (typeof property !== 'string') {
      throw invalidOption(
        `${name}[${index}] must be the name of a property, not ${describe(property)}`,
      )
    }
    if (!Object.hasOwn(UNSAFE, property)) {
      throw invalidOption(
        `${name}: '${property}' is no property that needs to be allowed` +
          suggestion(property, Object.keys(UNSAFE)),
      )
    }
    return property
  })
}

/** @throws TidemarkError `ERR_INVALID_OPTION` */
export function checkSafety(name: string, value: string, allowed: readonly string[]): void {
  const unsafe = Object.hasOwn(UNSAFE, name) ? UNSAFE[name] : undefined
  if (!unsafe?.isUnsafe(value) || allowed.includes(name)) return
  throw invalidOption(
    `config: '${name}' ${unsafe.danger}, with the value that it has. If that is meant, name it: ` +
      `allowUnsafeConfig: ['${name}']`,
  )
}
