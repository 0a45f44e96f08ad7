import { checkServers } from '../../src/options/bootstrap-servers.js'
import { raised } from './raised.js'

const check = (servers: string, protocol?: string) =>
  checkServers({
    'bootstrap.servers': servers,
    ...(protocol !== undefined && { 'security.protocol': protocol }),
  })
const refused = (servers: string, protocol?: string) => {
  const error = raised(() => check(servers, protocol))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).not.toContain('sesame')
  return error.message
}

test.each([
  ['a', undefined],
  ['a:1, b:2,', undefined],
  ['a_b.example-1.:65535', undefined],
  ['ä.example:1', undefined],
  ['127.0.0.1:9092', undefined],
  ['[::1]:9092', undefined],
  ['[fe80::1%eth0]', undefined],
  ['::1', undefined],
  ['2001:db8::7', undefined],
  ['PLAINTEXT://a:1', undefined],
  ['plaintext://a', ' '],
  ['SSL://a:1,ssl://b:2, c:3', 'Ssl'],
  ['ssl://[::1]:9093', 'ssl'],
  ['sasl_plaintext://a:1', 'SASL_PLAINTEXT'],
  ['SASL_SSL://a:1', ' sasl_ssl'],
  // librdkafka says what the protocols are.
  ['SSL://a:1', 'tls'],
])('takes %p with the protocol %p', (servers, protocol) => {
  expect(() => check(servers, protocol)).not.toThrow()
})

test.each([
  ['SSL://a:1', undefined, 'ssl', 'plaintext'],
  ['SASL_SSL://a:1', 'ssl', 'sasl_ssl', 'ssl'],
  ['PLAINTEXT://a:1', 'sasl_ssl', 'plaintext', 'sasl_ssl'],
  ['a:1,b:2,SSL://c:3', 'plaintext', 'ssl', 'plaintext'],
  ['SSL://[::1]:9093', '', 'ssl', 'plaintext'],
])('refuses %p with the protocol %p', (servers, protocol, scheme, actual) => {
  const message = refused(servers, protocol)
  expect(message).toContain(`scheme ${scheme}://, and 'security.protocol' is ${actual};`)
  expect(message).toContain(`set 'security.protocol': '${scheme}'`)
})

test.each(['http://a:1', 'https://a', 'kafka://a:1', 'kafka+ssl://a:1', 'a:1,tls://b:2', '://a:1'])(
  'knows no scheme of %p',
  (servers) => {
    expect(refused(servers)).toMatch(/no security protocol; write 'host:port'.*sasl_ssl$/)
  },
)

test.each([
  'a:1 b:2',
  'a:1,localhost :2',
  'a:1/topic',
  'me:sesame@a:1',
  'kafka://me:sesame@a:1',
  ':9092',
  ':',
  'a:',
  'a:b',
  'a:0',
  'a:65536',
  'a:99999',
  'a:0x50',
  'a:b:c',
  '[::1',
  'a:9092:9093',
  '[a]:1',
  'ssl://',
])('refuses %p', (servers) => {
  expect(refused(servers, servers.startsWith('ssl') ? 'ssl' : undefined)).toContain("'host:port'")
})
