import { checkPemText } from '../../src/options/pem-text.js'
import { raised } from './raised.js'

const KEY = '-----BEGIN PRIVATE KEY-----\nc2VzYW1l\n-----END PRIVATE KEY-----\n'
const TEXTS = ['ssl.ca.pem', 'ssl.certificate.pem', 'ssl.key.pem']

const refused = (name: string, value: string) => {
  const error = raised(() => checkPemText(name, value))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).toContain(`'${name}'`)
  expect(error.message).not.toMatch(/c2VzYW1l|PRIVATE|\/key/)
  return error.message
}

describe.each([...TEXTS, 'sasl.oauthbearer.assertion.private.key.pem'])('%s', (name) => {
  test.each([
    KEY,
    KEY.replaceAll('\n', '\r\n'),
    KEY.trim(),
    `Bag Attributes\n${KEY}`,
    `friendlyName: sales\\north\n${KEY}`,
    '',
    ' ',
  ])('takes %p', (value) => expect(() => checkPemText(name, value)).not.toThrow())

  test.each([
    [KEY.replaceAll('\n', '\\n'), "value.replaceAll('\\\\n', '\\n')"],
    [KEY.replaceAll('\n', '\\r\\n'), "value.replaceAll('\\\\n', '\\n')"],
    [`${KEY.trim()}\\n${KEY}`, "value.replaceAll('\\\\n', '\\n')"],
    [`${KEY.trim()}\\n`, "value.replaceAll('\\\\n', '\\n')"],
    [KEY.replace('l\n', 'l\\n'), "value.replaceAll('\\\\n', '\\n')"],
    [KEY.replaceAll('\n', ' '), 'its line ends: it has lost them'],
    [KEY.replaceAll('\n', ''), 'its line ends: it has lost them'],
    ['/key.pem', "a line that begins with '-----BEGIN'"],
    ['c2VzYW1l', "a line that begins with '-----BEGIN'"],
    [`"${KEY}"`, "a line that begins with '-----BEGIN'"],
  ])('refuses %j', (value, says) => {
    expect(refused(name, value)).toContain(says)
  })
})

test.each(TEXTS)('%s and the file change places', (text) => {
  const file = text.replace('.pem', '.location')
  expect(refused(text, '/key.pem')).toContain(`a file is for '${file}'`)
  expect(refused(file, KEY)).toContain(`give that as '${text}'`)
  expect(() => checkPemText(file, '/key.pem')).not.toThrow()
})

test.each(['ssl.keystore.location', 'ssl.crl.location'])('%s is only a file', (name) => {
  expect(refused(name, KEY)).toContain('write that to a file')
})
