import { Secrets } from '../../src/options/secrets.js'

const PEM = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
  'BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
  '-----END PRIVATE KEY-----',
].join('\n')

test('every secret is masked, as often as it comes', () => {
  const secrets = new Secrets({ 'sasl.password': 'sesame', 'ssl.key.password': 'open.*' })
  expect(secrets.mask('sesame, open.* and sesame')).toBe('[secret], [secret] and [secret]')
  expect(secrets.mask('openxx')).toBe('openxx')
})

test('what is no secret is not masked', () => {
  const secrets = new Secrets({ 'sasl.username': 'alice', 'bootstrap.servers': 'b:9092' })
  expect(secrets.mask('alice at b:9092')).toBe('alice at b:9092')
})

test('a secret within another does not uncover the rest', () => {
  const secrets = new Secrets({ 'sasl.password': 'sesame', 'ssl.key.password': 'sesame-street' })
  expect(secrets.mask('sesame-street')).toBe('[secret]')
})

test('a key that is cut off is masked', () => {
  const secrets = new Secrets({ 'ssl.key.pem': PEM })
  expect(secrets.mask(`key: ${PEM}`)).toBe('key: [secret]')
  expect(secrets.mask(`key: ${PEM.slice(0, 75)}`)).not.toContain('MIIEvQIBADAN')
})

test('very short secrets are not masked: they stand everywhere', () => {
  expect(new Secrets({ 'sasl.password': 'a' }).mask('a broker')).toBe('a broker')
})

// They were kept in one list.
test('the tokens of one source do not push out those of another', () => {
  const secrets = new Secrets({})
  secrets.addToken('eu', 'long-lived')
  for (let i = 0; i < 100; i++) secrets.addToken('us', `token-${i}-`)
  expect(secrets.mask('long-lived token-99-')).toBe('[secret] [secret]')
})

test('a token that is given again counts as new', () => {
  const secrets = new Secrets({})
  secrets.addToken('', 'long-lived')
  for (let i = 0; i < 7; i++) secrets.addToken('', `token-${i}-`)
  secrets.addToken('', 'long-lived')
  secrets.addToken('', 'token-7-')
  expect(secrets.mask('long-lived')).toBe('[secret]')
})

test('the newest tokens are masked', () => {
  const secrets = new Secrets({})
  for (let i = 0; i < 100; i++) secrets.addToken('', `token-${i}-`)
  expect(secrets.mask('token-99- token-98-')).toBe('[secret] [secret]')
})
