import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadModule } from '../support/load-module.js'

interface Edit {
  file: string
  text: string
}
type MakeEdit = (file: string, anchor: string, text: string) => Edit

const { after, before, edited, replace, within } = loadModule<{
  after: MakeEdit
  before: MakeEdit
  replace: MakeEdit
  within: (file: string, anchor: string, part: string, text: string) => Edit
  edited: (name: string, source: string, edits: Edit[]) => string
}>('native/librdkafka/patch/edit.mjs')
const { EDITS } = loadModule<{ EDITS: Edit[] }>('native/librdkafka/patch/index.mjs')

const UPSTREAM = join(
  __dirname,
  '../../node_modules/@confluentinc/kafka-javascript/deps/librdkafka/src',
)
const source = (name: string) => readFileSync(join(UPSTREAM, name), 'utf8')
const FILES = [...new Set(EDITS.map(({ file }) => file))]

test.each(FILES)('%s comes out the same, whatever the order of the edits', (name) => {
  const edits = EDITS.filter(({ file }) => file === name)
  const patched = edited(name, source(name), edits)
  expect(patched).not.toBe(source(name))
  expect(edited(name, source(name), [...edits].reverse())).toBe(patched)
})

// What is C is in files of C, where it is formatted, compiled and read as such.
test('no edit defines a function', () => {
  const definition = /^[a-z_][\w *]*\([^;{}]*\)\s*{/im
  expect(EDITS.filter(({ text }) => definition.test(text))).toEqual([])
})

const TEXT = 'int a;\nint b;\nint c;\n'
const edit = (...edits: Edit[]) => edited('f.h', TEXT, edits)

test('edits may touch each other', () => {
  const edits = [
    replace('f.h', 'int b;', 'long b;'),
    after('f.h', 'int b;', '/* behind */'),
    before('f.h', 'int b;', '/* before */'),
    within('f.h', 'int c;', 'c', 'd'),
  ]
  const result = 'int a;\n/* before */\nlong b;\n/* behind */\nint d;\n'
  expect(edit(...edits)).toBe(result)
  expect(edit(...edits.reverse())).toBe(result)
})

test('an anchor in what another edit has written is not found', () => {
  expect(() => edit(after('f.h', 'int a;', 'int new;'), after('f.h', 'int new;', 'x'))).toThrow(
    'this anchor matches 0 times in f.h, not once',
  )
})

test('an anchor that matches more than once is refused', () => {
  expect(() => edit(replace('f.h', 'int', 'long'))).toThrow('this anchor matches 3 times in f.h')
  expect(() => within('f.h', 'int a;\nint b;', 'int', 'long')).toThrow('matches 2 times')
})

test.each<[string, Edit, Edit]>([
  ['insertions', after('f.h', 'int a;', 'x'), after('f.h', 'a;', 'y')],
  ['replacements', replace('f.h', 'int b;', 'x'), replace('f.h', 'b;\nint', 'y')],
  ['the same', replace('f.h', 'int b;', 'x'), replace('f.h', 'int b;', 'x')],
  ['an insertion within', replace('f.h', 'int b;\nint c;', 'x'), after('f.h', 'int b;', 'y')],
])('two edits at one place are refused: %s', (_, one, other) => {
  const message = 'two edits of f.h are at one place'
  expect(() => edit(one, other)).toThrow(message)
  expect(() => edit(other, one)).toThrow(message)
})
