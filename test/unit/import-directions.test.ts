import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '../support/run-program.js'

let src: string
beforeEach(() => {
  src = mkdtempSync(join(tmpdir(), 'imports-'))
})
afterEach(() => rmSync(src, { recursive: true }))

/** What the check says of these files. */
async function faultsIn(files: Record<string, string>): Promise<string[]> {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(src, file)), { recursive: true })
    writeFileSync(join(src, file), text)
  }
  const { result, stderr } = await run(
    `const { faultsIn } = await import('./.ci/import-directions.mjs')
     report(faultsIn(${JSON.stringify(src)}))`,
  )
  expect(stderr).toBe('')
  return result
}

test('imports that follow the direction pass', async () => {
  const files = {
    'errors.ts': '',
    'native.ts': "import binding from '#binding'\n",
    'index.ts': "export { A } from './manager/a.js'\n",
    'columns/c.ts': "import { Field } from 'apache-arrow/schema'\nimport './d.js'\n",
    'columns/d.ts': "import { E } from '../errors.js'\n",
    'options/o.ts': "import type { C } from '../columns/c.js'\nimport { join } from 'node:path'\n",
    'manager/a.ts': "import { O } from '../options/o.js'\nimport { N } from '../native.js'\n",
  }
  expect(await faultsIn(files)).toEqual([])
})

test.each([
  ['a type', "import type { A } from '../manager/a.js'", '../manager/a.js'],
  ['a module that is loaded later', "await import('../manager/a.js')", '../manager/a.js'],
  ['what is passed on', "export * from '../manager/a.js'", '../manager/a.js'],
  ['the entry', "import { A } from '../index.js'", '../index.js'],
  ['the addon', "import binding from '#binding'", '#binding'],
  ['a package', "import { RecordBatch } from 'apache-arrow'", 'apache-arrow'],
])('%s that is imported the wrong way is named, with its line', async (_, text, name) => {
  const files = { 'manager/a.ts': '', 'index.ts': '', 'options/o.ts': `\n\n${text}\n` }
  expect(await faultsIn(files)).toEqual([`src/options/o.ts:3: src/options may not import ${name}`])
})

test('a file directly in src/ knows no folder', async () => {
  const files = { 'topics/t.ts': '', 'errors.ts': "import type { T } from './topics/t.js'\n" }
  expect(await faultsIn(files)).toEqual([
    'src/errors.ts:1: a file directly in src/ may not import ./topics/t.js',
  ])
})

// errors, native and the client's events were one, of types: none could be read without the others.
test('a circle of files in one folder is named, of types too', async () => {
  const files = {
    'errors.ts': "import type { N } from './native.js'\n",
    'events.ts': "import type { E } from './errors.js'\n",
    'native.ts': "import type { V } from './events.js'\n",
  }
  expect(await faultsIn(files)).toEqual([
    'a circle in src/: errors.ts -> native.ts -> events.ts -> errors.ts',
  ])
})

test('the rule itself has no circle: a folder knows those above it only', async () => {
  const { result } = await run("report((await import('./.ci/import-directions.mjs')).FOLDERS)")
  const order = Object.keys(result)
  for (const [folder, known] of Object.entries<string[]>(result)) {
    expect(order.slice(0, order.indexOf(folder))).toEqual(expect.arrayContaining(known))
  }
})
