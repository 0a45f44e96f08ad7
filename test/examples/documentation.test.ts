import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ERROR_CODES } from '../../src/errors.js'
import { DEFAULTS } from '../../src/options.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { outputOf, ROOT } from './program.js'

// Within the package, so that `tidemark` means what it means to those who installed it.
const FOLDER = 'build/documentation'

const pages = [
  'README.md',
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

test('the code compiles', () => {
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
}, 120_000)

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
}, 60_000)

test('links lead to files that are there', () => {
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .map(([, link]) => join(ROOT, page, '..', link as string))
      .filter((file) => !ts.sys.fileExists(file) && !ts.sys.directoryExists(file)),
  )
  expect(broken).toEqual([])
})

test('every error code and every option with a default is described', () => {
  const [api, readme] = [text('docs/api.md'), text('README.md')]
  expect(ERROR_CODES.filter((code) => !api.includes(`\`${code}\``))).toEqual([])
  expect(Object.keys(DEFAULTS).filter((name) => !readme.includes(`| \`${name}\``))).toEqual([])
})

test('the third-party notices are those of what is built', async () => {
  await outputOf('.ci/third-party-notices.mjs', ['--check'])
})
