import { suggestion } from '../../src/suggestion.js'

const KNOWN = ['bootstrap.servers', 'sasl.password', 'client.id', 'batchSize']

test.each([
  ['bootstrap.server', "; did you mean 'bootstrap.servers'?"],
  ['bootstrapServers', "; did you mean 'bootstrap.servers'?"],
  ['bootstrap_servers', "; did you mean 'bootstrap.servers'?"],
  ['batchsize', "; did you mean 'batchSize'?"],
  ['sasl.pasword', "; did you mean 'sasl.password'?"],
  ['clientId', "; did you mean 'client.id'?"],
  ['compression.codec', ''],
  ['x', ''],
  ['', ''],
])('the nearest name is suggested: %s', (name, expected) => {
  expect(suggestion(name, KNOWN)).toBe(expected)
})
