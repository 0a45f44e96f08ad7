import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ERROR_CODES } from '../../src/errors.js'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { DEFAULTS, OPTION_NAMES } from '../../src/options.js'
import { toPartitionState } from '../../src/partition-state.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { outputOf, ROOT } from './program.js'

// Within the package, so that `tidemark` means what it means to those who installed it.
const FOLDER = 'build/documentation'

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const text = (page: string) => readFileSync(join(ROOT, page), 'utf8')
const blocks = (page: string) =>
  [...text(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code as string)

beforeAll(() => {
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true })
  mkdirSync(join(ROOT, FOLDER), { recursive: true })
})

test('the code in the documentation compiles', () => {
  const files = pages.flatMap((page) =>
    blocks(page).map((code, i) => {
      const file = join(ROOT, FOLDER, `${page.replace(/\W/g, '-')}-${i}.ts`)
      writeFileSync(file, code)
      return file
    }),
  )
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT)
  // A snippet shows what there is; it need not use all of it.
  const program = ts.createProgram(files, {
    ...options,
    noUnusedLocals: false,
  })
  const faults = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${JSON.stringify(messageText)}`)
  expect(faults).toEqual([])
  expect(files).not.toEqual([])
})

test('the quick start of the README runs', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('trades', { partitions: 2 })
  cluster.createTopic('quotes', { partitions: 1 })
  await using producer = await Producer.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
  })
  // Of the quotes only the last hour is asked for.
  const now = Date.now()
  await producer.sendAll([
    {
      topic: 'trades',
      partition: 0,
      timestamp: now - 7_300_000,
      value: 'first',
    },
    { topic: 'trades', partition: 0, timestamp: now - 2_000, value: 'third' },
    { topic: 'trades', partition: 1, timestamp: now - 1_000, value: 'fourth' },
    {
      topic: 'quotes',
      partition: 0,
      timestamp: now - 7_200_000,
      value: 'too old',
    },
    { topic: 'quotes', partition: 0, timestamp: now - 3_000, value: 'second' },
  ])
  await producer.flush()

  const [quickStart = ''] = blocks('README.md')
  const replace = (from: string, to: string, code: string) => {
    expect(code).toContain(from)
    return code.replace(from, to)
  }
  let code = replace('localhost:9092', cluster.bootstrapServers, quickStart)
  code = replace(
    '// in timestamp order over all partitions of both topics',
    'console.log(topic, offset, timestamp, new TextDecoder().decode(value))',
    code,
  )
  code = replace(
    '// live, until manager.close()',
    'console.log("live", batch.numRows); await manager.close()',
    code,
  )
  code = replace(
    'for await',
    'import { MockCluster, Producer } from "tidemark/testing"\n' +
      `const producer = await Producer.create({ config: { 'bootstrap.servers': '${cluster.bootstrapServers}' } })\n` +
      "await producer.send({ topic: 'trades', value: 'new' })\nawait producer.close()\nfor await",
    code,
  )
  writeFileSync(
    join(ROOT, FOLDER, 'quick-start.mjs'),
    ts.transpileModule(code, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
      },
    }).outputText,
  )
  expect(await outputOf(`${FOLDER}/quick-start.mjs`)).toBe(
    [
      `trades 0n ${now - 7_300_000} first`,
      `quotes 1n ${now - 3_000} second`,
      `trades 1n ${now - 2_000} third`,
      `trades 0n ${now - 1_000} fourth`,
      'live 1\n',
    ].join('\n'),
  )
})

test('links in the documentation lead to files that are there', () => {
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .map(([, link]) => join(ROOT, page, '..', link as string))
      .filter((file) => !ts.sys.fileExists(file) && !ts.sys.directoryExists(file)),
  )
  expect(broken).toEqual([])
})

/** The names in the first cells of the table below a heading. */
function namesInTable(page: string, heading: string): string[] {
  const [, section = ''] = text(page).split(`\n${heading}\n`)
  const [table = ''] = section.match(/^\|[\s\S]*?\n(?!\|)/m) ?? []
  const cells = table
    .split('\n')
    .slice(2)
    .map((line) => line.split(' | ')[0] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string))
}

const members = (type: object) =>
  Object.getOwnPropertyNames(type).filter(
    (name) => !/^(constructor|length|name|prototype)$/.test(name),
  )

test('every option is described, and no other', () => {
  expect(namesInTable('README.md', '## Options').sort()).toEqual([...OPTION_NAMES].sort())
})

test('the defaults of numbers and choices are those of the code', () => {
  const defaults = Object.entries(DEFAULTS).filter(([, value]) => typeof value !== 'object')
  for (const [name, value] of defaults) {
    const [, shown = ''] = text('README.md').match(`\\| \`${name}\` +\\| (.*?) +\\|`) ?? []
    const mib = /^(\d+) MiB$/.exec(shown)
    const said = mib ? String(Number(mib[1]) * 2 ** 20) : shown.replace(/[,`']/g, '')
    expect(`${name}: ${said}`).toBe(`${name}: ${value}`)
  }
})

test('every error code is described, and no other', () => {
  expect(namesInTable('docs/api.md', '## TidemarkError').sort()).toEqual([...ERROR_CODES].sort())
})

test('every method is described', () => {
  const described = namesInTable('docs/api.md', '## ConsumerManager').map((cell) =>
    cell.replace(/^static |\(.*$/g, ''),
  )
  const methods = [...members(ConsumerManager), ...members(ConsumerManager.prototype)]
  expect(described.filter((name) => !name.startsWith('[')).sort()).toEqual(methods.sort())
  const factories = namesInTable('docs/api.md', '## SourceTopic').map((cell) =>
    cell.replace(/\(.*$/, ''),
  )
  expect(factories.sort()).toEqual(members(SourceTopic).sort())
})

test('the columns of partitionState are those of the code, in their order', () => {
  const columns = toPartitionState([], null).schema.fields.map(({ name }) => name)
  expect(namesInTable('docs/api.md', '### partitionState')).toEqual(columns)
})

test('the commands that are named can be run', () => {
  const { scripts } = JSON.parse(text('package.json'))
  const named = pages.flatMap((page) =>
    [...text(page).matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name as string),
  )
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})

test('the tests that docs/faults.md names are there', () => {
  const named = [...text('docs/faults.md').matchAll(/`([\w/-]+(?:\.test\.ts|_test\.cc))`/g)]
  const files = named.map(([, name]) =>
    (name as string).includes('/') ? (name as string) : `test/faults/${name}`,
  )
  expect(files.length).toBeGreaterThan(20)
  expect(files.filter((file) => !ts.sys.fileExists(join(ROOT, file)))).toEqual([])
})

test('the third-party notices are those of what is built', async () => {
  await outputOf('.ci/third-party-notices.mjs', ['--check'])
})
