import { native } from '../../src/native.js'
import { checkSecurityProtocol } from '../../src/options/security-protocol.js'
import { raised } from './raised.js'

const NAMES = native.properties().map(({ name }) => name)
const SASL = NAMES.filter((name) => name.includes('sasl'))
const SSL = NAMES.filter((name) => /^(enable\.)?ssl/.test(name))

const refused = (config: Record<string, string>) => {
  const error = raised(() => checkSecurityProtocol(config))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).not.toContain('sesame')
  return error.message
}
const accepted = (config: Record<string, string>) =>
  expect(() => checkSecurityProtocol(config)).not.toThrow()

test('there are properties of both kinds', () => {
  expect(SASL).toEqual(expect.arrayContaining(['sasl.password', 'sasl.mechanism']))
  expect(SSL).toEqual(expect.arrayContaining(['ssl.ca.location', 'ssl.key.pem']))
})

test.each(SASL)('%s is refused where there is no SASL', (name) => {
  expect(refused({ [name]: 'sesame' })).toContain(
    `'${name}' would not be used, since 'security.protocol' is plaintext (the default); set ` +
      "'security.protocol': 'sasl_ssl' (or 'sasl_plaintext'",
  )
  expect(refused({ 'security.protocol': 'PLAINTEXT', [name]: 'sesame' })).toContain(
    "is plaintext; set 'security.protocol': 'sasl_ssl'",
  )
  expect(refused({ 'security.protocol': 'SSL', [name]: 'sesame' })).toContain(
    "is ssl; set 'security.protocol': 'sasl_ssl', or",
  )
  accepted({ 'security.protocol': 'sasl_plaintext', [name]: 'sesame' })
  accepted({ 'security.protocol': 'sasl_ssl', [name]: 'sesame' })
})

test.each(SSL)('%s is refused where there is no TLS', (name) => {
  expect(refused({ [name]: 'sesame' })).toContain(
    `'${name}' would not be used, since 'security.protocol' is plaintext (the default); set ` +
      "'security.protocol': 'ssl', or",
  )
  expect(refused({ 'security.protocol': 'SASL_PLAINTEXT', [name]: 'sesame' })).toContain(
    "is sasl_plaintext; set 'security.protocol': 'sasl_ssl', or",
  )
  accepted({ 'security.protocol': ' Ssl', [name]: 'sesame' })
  accepted({ 'security.protocol': 'sasl_ssl', [name]: 'sesame' })
})

test('names all that would not be used, and a protocol that uses it', () => {
  expect(refused({ 'sasl.username': 'me', 'client.id': 'x', 'ssl.ca.pem': 'sesame' })).toMatch(
    /^config: 'sasl\.username', 'ssl\.ca\.pem' would .* set 'security\.protocol': 'sasl_ssl', or/,
  )
})

test.each([
  {},
  { 'security.protocol': '' },
  { 'security.protocol': 'plaintext', 'sasl.password': '', 'ssl.ca.location': ' ' },
  // librdkafka says what the protocols are.
  { 'security.protocol': 'tls', 'ssl.ca.location': '/ca' },
])('takes %p', (config) => accepted(config as Record<string, string>))
