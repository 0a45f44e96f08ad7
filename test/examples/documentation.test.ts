import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { toPartitionState } from '../../src/columns/partition-state.js'
import { ERROR_CODES } from '../../src/error-codes.js'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { native } from '../../src/native.js'
import { CAPTURE_DEFAULTS } from '../../src/options/capture-options.js'
import { DEFAULTS, OPTION_NAMES } from '../../src/options/options.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { run } from '../support/run-program.js'
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

test("the README's figures, and its chart's, are those that are recorded", () => {
  const { rows } = JSON.parse(text('bench/results/recorded/8-lz4.json')) as {
    rows: { contender: string; records_per_second: number; to_discard: number }[]
  }
  const names = new Map([
    ...Object.entries({ platformatic: '@platformatic/kafka', discard: 'librdkafka in C' }),
    ...Object.entries({ confluent: '@confluentinc/kafka-javascript' }),
    ['kafka-consumer-perf', 'kafka-consumer-perf-test'],
  ])
  const readme = text('README.md').replace(/\s+/g, ' ')
  const chart = text('docs/performance/clients.svg')
  const clients = ['tidemark', 'discard', 'kafka-consumer-perf', 'kafkajs', 'platformatic']
  for (const contender of [...clients, 'node-rdkafka', 'confluent']) {
    const row = rows.find((row) => row.contender === contender)
    const figure = ((row?.records_per_second ?? 0) / 1e6).toPrecision(3)
    const name = names.get(contender) ?? contender
    expect(readme).toContain(`${name} ${figure}`)
    expect(chart).toContain(`>${figure}<`)
    if (contender === 'kafka-consumer-perf') continue
    const cells = text('README.md')
      .split('\n')
      .find((line) => line.startsWith('|') && line.includes(name) && /[\d.]+ +\|$/.test(line))
    expect(cells).toContain(figure)
  }
  const [, toLoop, toBest] =
    readme.match(/: ([\d.]+) times librdkafka's .* C, ([\d.]+) times/) ?? []
  expect(toLoop).toBe(rows.find((row) => row.contender === 'tidemark')?.to_discard.toFixed(1))
  expect(text('docs/performance.md')).toMatch(
    new RegExp(`throughput, best client for Node = 1 .* ${toBest}\\.\\d`),
  )
})

/** As GitHub makes them. */
const anchorsOf = (page: string) =>
  [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

test('links in the documentation lead to files and headings that are there', () => {
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
      .map(([, link, anchor]) => ({
        file: link ? join(page, '..', link) : page,
        anchor,
      }))
      .filter(
        ({ file, anchor }) =>
          !(ts.sys.fileExists(join(ROOT, file)) || ts.sys.directoryExists(join(ROOT, file))) ||
          (anchor && !anchorsOf(file).includes(anchor)),
      )
      .map(({ file, anchor }) => `${page}: ${file}#${anchor}`),
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
  expect(namesInTable('docs/options.md', '## All options').sort()).toEqual([...OPTION_NAMES].sort())
})

test('the defaults of numbers and choices are those of the code', () => {
  const defaults = Object.entries(DEFAULTS).filter(([, value]) => typeof value !== 'object')
  for (const [name, value] of defaults) {
    const [, shown = ''] = text('docs/options.md').match(`\\| \`${name}\` +\\| (.*?) +\\|`) ?? []
    const mib = /^(\d+) MiB$/.exec(shown)
    const said = mib ? String(Number(mib[1]) * 2 ** 20) : shown.replace(/[,`']/g, '')
    expect(`${name}: ${said}`).toBe(`${name}: ${value}`)
  }
})

test('every error code is described, and no other', () => {
  expect(namesInTable('docs/api.md', '### Error codes').sort()).toEqual([...ERROR_CODES].sort())
})

/** The text below a heading of the level `#`s, by the heading. */
function sectionsOf(page: string, marks: string): Map<string, string> {
  const parts = text(page)
    .split(new RegExp(`^${marks} (.*)$`, 'm'))
    .slice(1)
  const sections = new Map<string, string>()
  for (let i = 0; i < parts.length; i += 2) {
    const [own = ''] = (parts[i + 1] as string).split(new RegExp(`^#{1,${marks.length}} `, 'm'))
    sections.set(parts[i] as string, own)
  }
  return sections
}

test.each([
  ['ConsumerManager', [...members(ConsumerManager), ...members(ConsumerManager.prototype)]],
  ['SourceTopic', members(SourceTopic)],
])('every method of %s has a section, with its signature and what it returns', (type, methods) => {
  const [, ofType = ''] = text('docs/api.md').split(`\n## ${type}\n`)
  const [own = ''] = ofType.split('\n## ')
  expect([...own.matchAll(/^### (.*)$/gm)].map(([, name]) => name).sort()).toEqual(methods.sort())
  const sections = sectionsOf('docs/api.md', '###')
  for (const method of methods) {
    const section = sections.get(method) ?? ''
    expect(section).toMatch(new RegExp(`^\\s*\`\`\`\n(static )?${method}\\([\\s\\S]*?\\):`))
    expect(section).toMatch(/^\*\*Returns\*\*/m)
    if (type === 'ConsumerManager') expect(section).toMatch(/^```ts$/m)
  }
})

test('the sections of methods name error codes that there are', () => {
  const named = [...text('docs/api.md').matchAll(/\bERR_[A-Z_]+/g)].map(([code]) => code)
  expect(named.filter((code) => !ERROR_CODES.some((known) => known === code))).toEqual([])
})

test.each([
  ['MockCluster', [...members(MockCluster), ...members(MockCluster.prototype)]],
  ['Producer', [...members(Producer), ...members(Producer.prototype)]],
])('every method of %s is described', (type, methods) => {
  const [, section = ''] = text('docs/api.md').split(`\n| \`${type}\``)
  const [table = ''] = section.split('\n\n')
  const names = [...table.matchAll(/^\| `(?:static )?(\w+)\(/gm)].map(([, name]) => name)
  expect(names.sort()).toEqual(methods.sort())
})

test('every column of a batch is described', () => {
  expect(namesInTable('docs/api.md', '## RecordBatch').sort()).toEqual(
    native
      .columns()
      .map(({ name }) => name)
      .sort(),
  )
})

test('every event is described, and no other', () => {
  const [, union = ''] =
    text('src/options/callbacks.ts').match(/type EventOfType =([\s\S]*?)\n\n/) ?? []
  const types = [...union.matchAll(/type: '(\w+)'/g)].map(([, type]) => type)
  expect(namesInTable('docs/api.md', '## onEvent').sort()).toEqual(types.sort())
})

const KIB = 1024
const MIB = 1024 * KIB
const DEFAULT_BUDGET = DEFAULTS.maxBufferedBytes
/** What the first match of `phrase` has in its groups, as numbers. */
const numbersIn = (page: string, phrase: RegExp) =>
  (
    text(page)
      .replace(/\s+(\* )?/g, ' ')
      .match(phrase) ?? []
  )
    .slice(1)
    .map((digits) => Number(digits.replace(/,/g, '')))

test.each([
  ['docs/options.md', /at least 1 MiB and (\d+) KiB a partition/],
  ['docs/options.md', /by default, or (\d+) KiB a partition with more than/],
  ['docs/options.md', /refuses one below (\d+) KiB a partition/],
  ['docs/design.md', /than 4,096 partitions: (\d+) KiB for each/],
  ['src/options/options.ts', /at least (\d+) KiB per partition/],
  ['src/options/options.ts', /Default 256 MiB, or (\d+) KiB per partition/],
])('%s has the least budget of a partition that the code has: %p', (page, phrase) => {
  const { leastBudget } = native.fetchLimits(DEFAULT_BUDGET, 1)
  expect(numbersIn(page, phrase)).toEqual([leastBudget / KIB])
})

test.each([
  ['docs/options.md', /a partition with more than ([\d,]+) partitions/],
  ['docs/design.md', /the default budget with more than ([\d,]+) partitions/],
])('%s has the number of partitions from which the default budget grows', (page, phrase) => {
  const [partitions = 0] = numbersIn(page, phrase)
  expect(native.fetchLimits(DEFAULT_BUDGET, partitions).leastBudget).toBe(DEFAULT_BUDGET)
})

// One of which no fraction is below the least or above the most.
const LARGE_BUDGET = 1024 * MIB

test.each([
  ['docs/options.md', /at most 1\/(\d+) of it from a partition/, 'ofPartition'],
  ['docs/options.md', /and 1\/(\d+) from a broker/, 'ofBroker'],
  ['docs/design.md', /at most 1\/(\d+) of the budget from a partition/, 'ofPartition'],
  ['src/options/options.ts', /up to 1\/(\d+) of it for a partition/, 'ofPartition'],
  ['src/options/options.ts', /and 1\/(\d+) for a broker/, 'ofBroker'],
] as const)('%s has the fraction of the budget that the code has: %p', (page, phrase, fetch) => {
  const [fraction = 0] = numbersIn(page, phrase)
  expect(LARGE_BUDGET / fraction).toBe(native.fetchLimits(LARGE_BUDGET, 8)[fetch])
})

test('a fetch of the default budget is as large as docs/options.md says', () => {
  const alone = native.fetchLimits(DEFAULT_BUDGET, 1)
  expect(
    numbersIn(
      'docs/options.md',
      /from a partition \((\d+) MiB by default; twice as much when a single partition is fetched/,
    ),
  ).toEqual([alone.ofPartition / MIB])
  expect(alone.ofPartitionAlone).toBe(2 * alone.ofPartition)
  const [ofBroker = 0, most = 0] = numbersIn(
    'docs/options.md',
    /from a broker \((\d+) MiB; more with more than (\d+) partitions\)/,
  )
  expect(ofBroker * MIB).toBe(native.fetchLimits(DEFAULT_BUDGET, most).ofBroker)
  expect(ofBroker * MIB).toBeLessThan(native.fetchLimits(DEFAULT_BUDGET, most + 1).ofBroker)
})

test('queues and shares are as many fetches as docs/design.md says', () => {
  expect(text('docs/design.md').replace(/\s+/g, ' ')).toContain(
    "a response four times that, or what many partitions need. A partition's queue is limited to " +
      'two fetches (less with more partitions, down to a quarter of a fetch), its share in the ' +
      'engine to one.',
  )
  const one = native.fetchLimits(LARGE_BUDGET, 1)
  expect(one.ofBroker).toBe(4 * one.ofPartition)
  expect(one.queue).toBe(2 * one.ofPartition)
  expect(one.share).toBe(one.ofPartition)
  expect(native.fetchLimits(LARGE_BUDGET, 100).queue).toBe(one.ofPartition / 4)
})

test('every option of a capture is described, with its default', () => {
  const names = namesInTable('docs/api.md', '## capture')
  const [, interfaceOf = ''] =
    text('src/options/capture-options.ts').match(/interface CaptureOptions \{([\s\S]*?)\n\}/) ?? []
  expect(names.sort()).toEqual(
    [...interfaceOf.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name).sort(),
  )
  for (const [name, value] of Object.entries(CAPTURE_DEFAULTS)) {
    const [, shown = ''] = text('docs/api.md').match(`\\| \`${name}\` +\\| (.*?) +\\|`) ?? []
    expect(`${name}: ${shown.replace(/[,`']/g, '')}`).toBe(`${name}: ${value}`)
  }
})

test('the columns of partitionState are those of the code, in their order', () => {
  const columns = toPartitionState([], null).schema.fields.map(({ name }) => name)
  expect(namesInTable('docs/api.md', '### partitionState')).toEqual(columns)
})

test('the file map of docs/design.md has every file, and no other', () => {
  const [, map = ''] = text('docs/design.md').split('\n## File map\n')
  const folders = [...map.matchAll(/^### (\S+)$/gm)].map(([, folder]) => folder as string)
  const isOfProduct = (name: string) => /\.(h|cc|c|ts)$/.test(name) && !name.endsWith('_test.cc')
  for (const parent of ['native', 'src']) {
    const within = readdirSync(join(ROOT, parent), { withFileTypes: true })
    const inside = within
      .filter((each) => each.isDirectory())
      .map(({ name }) => `${parent}/${name}`)
    expect(folders).toEqual(expect.arrayContaining([parent, ...inside]))
  }
  const faults = folders.flatMap((folder) => {
    const named = namesInTable('docs/design.md', `### ${folder}`)
    const there = readdirSync(join(ROOT, folder))
    const stem = (file: string) => file.replace(/\.\w+$/, '')
    const missing = folder.startsWith('.')
      ? []
      : there
          .filter(isOfProduct)
          .filter((file) => !named.includes(file) && !named.includes(stem(file)))
    const gone = named.filter(
      (name) => !there.some((file) => name === file || name === `${file}/` || name === stem(file)),
    )
    return [...missing, ...gone].map((name) => `${folder}/${name}`)
  })
  expect(faults).toEqual([])
})

test.each([
  ['native', 'include', /,? ?librdkafka$/],
  ['src', 'import', /,? ?apache-arrow$/],
])('what each folder of %s may %s is said as the rule has it', async (parent, verb, foreign) => {
  const { result } = await run(`report((await import('./.ci/${verb}-directions.mjs')).FOLDERS)`)
  for (const [folder, known] of Object.entries<string[]>(result)) {
    const [, knows = ''] =
      text('docs/design.md').match(`\\| \`${parent}/${folder}/\` +\\|.*\\| ([^|]+?) +\\|\n`) ?? []
    if (folder === 'node') expect(knows).toBe('all of the above')
    else expect(knows.replace(foreign, '').replace('nothing else', '')).toBe(known.join(', '))
  }
})

test('the include graph of docs/design.md is the one that there is', async () => {
  const [now] = text('docs/design.md').match(/flowchart TD\n[\s\S]*?(?=```)/) ?? []
  expect(now).toBe(await outputOf('.ci/include-graph.mjs', ['--arrows']))
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
