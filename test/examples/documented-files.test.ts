import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { run } from '../support/run-program.js'
import { namesInTable, pages, text } from './pages.js'
import { outputOf, ROOT } from './program.js'

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

test('the README of the patch has every file of C, and no other', () => {
  const there = readdirSync(join(ROOT, 'native/librdkafka/patch'))
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => name.slice(0, -2))
  const named = namesInTable('native/librdkafka/README.md', '## The patch')
  expect(named.sort()).toEqual([...new Set(there)].sort())
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
