import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { blocks, pages } from './pages.js'
import { outputOf, ROOT } from './program.js'

// Within the package, so that `tidemark` means what it means to those who installed it.
const FOLDER = 'build/documentation'

beforeAll(() => {
  rmSync(join(ROOT, FOLDER), { recursive: true, force: true })
  mkdirSync(join(ROOT, FOLDER), { recursive: true })
})

/** A page on methods makes its manager once, in its first example. */
const PRELUDE = `
import type { ConsumerManager } from 'tidemark'
declare const manager: ConsumerManager
`

const asJavaScript = (code: string) =>
  ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText

test('the code in the documentation compiles', () => {
  const files = pages.flatMap((page) =>
    blocks(page).map((code, i) => {
      const file = join(ROOT, FOLDER, `${page.replace(/\W/g, '-')}-${i}.ts`)
      const continues = /\bmanager\b/.test(code) && !/const manager\b/.test(code)
      writeFileSync(file, continues ? PRELUDE + code : code)
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
  const replace = (from: string | RegExp, to: string, code: string) => {
    expect(code).toMatch(from)
    return code.replace(from, to)
  }
  let code = replace('localhost:9092', cluster.bootstrapServers, quickStart)
  code = replace(
    /console\.log\(`.* rows from .*`\)/,
    'timestamps.forEach((timestamp, row) => console.log(offsets[row], timestamp))',
    code,
  )
  code = replace(/(console\.log\(`.* new rows`\))/, '$1; await manager.close()', code)
  code = replace(
    'for await',
    'import { MockCluster, Producer } from "tidemark/testing"\n' +
      `const producer = await Producer.create({ config: { 'bootstrap.servers': '${cluster.bootstrapServers}' } })\n` +
      "await producer.send({ topic: 'trades', value: 'new' })\nawait producer.close()\nfor await",
    code,
  )
  writeFileSync(join(ROOT, FOLDER, 'quick-start.mjs'), asJavaScript(code))
  expect(await outputOf(`${FOLDER}/quick-start.mjs`)).toBe(
    [
      `0n ${now - 7_300_000}n`,
      `1n ${now - 3_000}n`,
      `1n ${now - 2_000}n`,
      `0n ${now - 1_000}n`,
      '1 new rows\n',
    ].join('\n'),
  )
})

test('the columnar examples of the README run', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('trades', { partitions: 2 })
  await using producer = await Producer.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers },
  })
  await producer.sendAll(
    [60_000, 61_000, 120_000].map((timestamp, i) => ({
      ...{ topic: 'trades', partition: i % 2, timestamp, value: `{"size":${i + 1}}` },
    })),
  )
  await producer.flush()

  const [, columns = '', ipc = ''] = blocks('README.md')
  const file = join(ROOT, FOLDER, 'trades.arrow')
  const programs = [
    `${columns}\nconsole.log([...sizeByMinute]); await manager.close()`,
    `${ipc.replace("'trades.arrow'", `'${file}'`)}
     import { readFileSync } from 'node:fs'
     import { tableFromIPC } from 'apache-arrow'
     console.log(tableFromIPC(readFileSync('${file}')).numRows)`,
  ]
  const printed = []
  for (const [i, program] of programs.entries()) {
    expect(program).toContain('localhost:9092')
    const code = program.replace('localhost:9092', cluster.bootstrapServers)
    writeFileSync(join(ROOT, FOLDER, `columnar-${i}.mjs`), asJavaScript(code))
    printed.push(await outputOf(`${FOLDER}/columnar-${i}.mjs`))
  }
  expect(printed).toEqual(['[ [ 1, 3 ], [ 2, 3 ] ]\n', '3\n'])
})
