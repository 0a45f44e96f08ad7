import { toPartitionState } from '../../src/columns/partition-state.js'
import { ERROR_CODES } from '../../src/error-codes.js'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { native } from '../../src/native.js'
import { CAPTURE_DEFAULTS } from '../../src/options/capture-options.js'
import { DEFAULTS, OPTION_NAMES } from '../../src/options/options.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { namesInTable, text } from './pages.js'

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

test('every part of what memory() says is held is described, and no other', () => {
  const [, parts = ''] = text('src/native.ts').match(/interface HeldMemory \{([\s\S]*?)\n\}/) ?? []
  const names = [...parts.matchAll(/^ {2}(\w+): number$/gm)].map(([, name]) => name)
  expect(namesInTable('docs/api.md', '### memory').sort()).toEqual(names.sort())
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
