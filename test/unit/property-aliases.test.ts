import { native } from '../../src/native.js'
import { checkAliases } from '../../src/options/property-aliases.js'
import { raised } from './raised.js'

const ALIASES = native
  .properties()
  .filter(({ aliasOf }) => aliasOf !== '')
  .map(({ name, aliasOf }) => [name, aliasOf] as const)
const check = (config: Record<string, string>) => checkAliases(config, new Map(ALIASES))

test('librdkafka tells which names are of one property', () => {
  expect(ALIASES).toEqual(
    expect.arrayContaining([
      ['bootstrap.servers', 'metadata.broker.list'],
      ['sasl.mechanism', 'sasl.mechanisms'],
      ['max.in.flight', 'max.in.flight.requests.per.connection'],
    ]),
  )
})

test.each(ALIASES)('%s and %s may be the same, and must not differ', (name, property) => {
  check({ [name]: 'x', 'client.id': 'y' })
  check({ [name]: 'x', [property]: 'x', 'client.id': 'y' })
  const error = raised(() => check({ [property]: 'sesame', [name]: 'x' }))
  expect(error.code).toBe('ERR_INVALID_OPTION')
  expect(error.message).toContain(`'${property}' and '${name}' are two names of one property`)
  expect(error.message).not.toContain('sesame')
})
