import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf, ROOT } from './program.js'

const PRINTED: Record<string, RegExp> = {
  'quick-start': /^replayed 2000 rows in timestamp order\n[\s\S]*\nlive: 1 row at offset \d+\n$/,
  'for-await': /\n3000 rows, \d+ bytes, (replay|live)\nstopped\n$/,
  'join-by-time': /^joined 1000 trades, 0 with a wrong price\n$/,
}

test('each example has a test', () => {
  const examples = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.ts'))
  expect(examples.map((name) => name.replace('.ts', '')).sort()).toEqual(
    Object.keys(PRINTED).sort(),
  )
})

test.each(Object.entries(PRINTED))(
  '%s does what it says',
  async (name, printed) => {
    expect(await outputOf(`build/examples/${name}.js`)).toMatch(printed)
  },
  60_000,
)
