// Which folder of native/ may include which: the rule, and the check that lint makes of it.
//
//   node .ci/include-directions.mjs
//
// An include that points back makes two folders one: neither can be read, built or tested alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

/**
 * The rule: a folder may include those listed with it, which stand above it. Files directly in native/
 * (status, clock, threads) may be included by all, and include each other only.
 */
export const FOLDERS = {
  log: [],
  token: ['log'],
  columns: ['log'],
  merge: ['log', 'columns'],
  source: ['log', 'token'],
  kafka: ['log', 'token', 'source'],
  segments: ['log', 'token', 'source'],
  capture: ['log', 'source'],
  engine: ['log', 'token', 'columns', 'merge', 'source'],
  test_kit: ['source', 'kafka'],
  // It puts together what the others are: it alone knows which sources there are.
  node: ['token', 'columns', 'source', 'kafka', 'segments', 'capture', 'engine', 'test_kit'],
}

/** What is not shipped. Product code knows none of it; tests beside their source know test_support. */
const UNSHIPPED = {
  'librdkafka/test': ['log'], // inflates what is handed over compressed, as the engine does
  test_support: [
    ...[
      'log',
      'token',
      'columns',
      'merge',
      'source',
      'kafka',
      'segments',
      'capture',
      'engine',
      'test_kit',
    ],
  ],
  fuzz: ['log', 'source', 'segments', 'librdkafka/test', 'test_support'],
}
const FOR_TESTS = ['test_support', 'test_kit']

/** Headers of others, and who includes them. The patch is a part of librdkafka and not checked. */
const FOREIGN = [
  { name: 'napi', pattern: /^(napi|node_api|js_native_api|uv)\b/, folders: ['node'] },
  {
    name: 'librdkafka',
    pattern: /^(librdkafka\/)?rd(kafka\w*)?\.h$/,
    folders: ['kafka', 'test_kit', ...Object.keys(UNSHIPPED)],
  },
]
const UNCHECKED = ['librdkafka/source', 'librdkafka/patch', 'fuzz/corpus']

const isTest = (file) => /_test\.(cc|h)$/.test(file)

/** All C and C++ files below `native`, as paths within it. */
function filesOf(native, folder = '') {
  return readdirSync(join(native, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name
    if (entry.isDirectory()) return UNCHECKED.includes(path) ? [] : filesOf(native, path)
    return /\.(h|cc|c)$/.test(path) ? [path] : []
  })
}

/** The folder that the rule has for a file; '' for those directly in native/. */
function folderOf(file) {
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), 0))
  const known = [...Object.keys(FOLDERS), ...Object.keys(UNSHIPPED)]
  return known.find((name) => folder === name || folder.startsWith(`${name}/`)) ?? folder
}

/**
 * Every include of a folder of native/, or of a header of others that the rule names.
 * @returns {{ file: string, line: number, from: string, header: string, to?: string, foreign?: string }[]}
 */
export function includesOf(native) {
  return filesOf(native).flatMap((file) =>
    readFileSync(join(native, file), 'utf8')
      .split('\n')
      .flatMap((text, index) => {
        const header = /^\s*#\s*include\s*[<"]([^>"]+)[>"]/.exec(text)?.[1]
        if (!header) return []
        const include = { file, line: index + 1, from: folderOf(file), header }
        const foreign = FOREIGN.find(({ pattern }) => pattern.test(header))?.name
        if (foreign) return [{ ...include, foreign }]
        const beside = join(file, '..', header)
        const target = [header, beside].find((path) => existsSync(join(native, path)))
        return target ? [{ ...include, to: folderOf(target) }] : []
      }),
  )
}

function mayInclude({ file, from, to, foreign }) {
  if (foreign) return FOREIGN.find(({ name }) => name === foreign).folders.includes(from)
  if (to === from || to === '') return true
  if (isTest(file) && FOR_TESTS.includes(to)) return true
  return (FOLDERS[from] ?? UNSHIPPED[from])?.includes(to) ?? false
}

/** One line for each include that points the wrong way. */
export function faultsIn(native) {
  return includesOf(native)
    .filter((include) => !mayInclude(include))
    .map(({ file, line, from, header, to, foreign }) => {
      const what = from === '' ? 'a file directly in native/' : `native/${from}`
      const target = foreign ? `headers of ${foreign}` : `native/${to}`
      return `native/${file}:${line}: ${what} may not include ${target} (${header})`
    })
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const faults = faultsIn(fileURLToPath(new URL('../native', import.meta.url)))
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) {
    console.error('The rule is in .ci/include-directions.mjs.')
    process.exitCode = 1
  }
}
