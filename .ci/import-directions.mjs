// Which folder of src/ may import which: the rule, and the check that lint makes of it. What
// include-directions.mjs is for native/, with circles of files on top. Imports of types count.
//
//   node .ci/import-directions.mjs
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/**
 * The rule: a folder may import those listed with it, which stand above it. Files directly in src/
 * (errors, native, words for messages) may be imported by all, and import each other only; index.ts is
 * the exception.
 */
export const FOLDERS = {
  columns: [],
  topics: [],
  options: ['columns', 'topics'],
  manager: ['columns', 'topics', 'options'],
  testing: ['topics', 'options'],
}

/** What is public: it may import all, and nothing imports it. */
const ENTRY = 'index.ts'

/** Modules of others, and who imports them. Node's own are free. */
const FOREIGN = [
  { name: '#binding', files: /^native\.ts$/ },
  { name: 'apache-arrow', files: /^(columns|manager)\// },
]

const folderOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '')

/** Every import of the files below `src`, those of types and those at run time too. */
function importsOf(src) {
  const files = readdirSync(src, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .sort()
  return files.flatMap((file) => {
    const text = readFileSync(join(src, file), 'utf8')
    return ts.preProcessFile(text).importedFiles.map(({ fileName, pos }) => ({
      file,
      line: text.slice(0, pos).split('\n').length,
      name: fileName,
      to: fileName.startsWith('.')
        ? posix.join(posix.dirname(file), fileName).replace(/\.js$/, '.ts')
        : undefined,
    }))
  })
}

function mayImport({ file, name, to }) {
  if (to === undefined) {
    const isOf = (module) => name === module || name.startsWith(`${module}/`)
    return (
      name.startsWith('node:') || FOREIGN.some((each) => isOf(each.name) && each.files.test(file))
    )
  }
  if (file === ENTRY) return true
  if (to === ENTRY) return false
  const [from, folder] = [folderOf(file), folderOf(to)]
  return folder === from || folder === '' || (FOLDERS[from]?.includes(folder) ?? false)
}

/** The files of a circle, from its first one back to it; undefined: there is none. */
function circleIn(imports) {
  const done = new Set()
  const visit = (file, path) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const { to } of imports.filter((each) => each.file === file && each.to)) {
      const circle = visit(to, [...path, file])
      if (circle) return circle
    }
    done.add(file)
    return undefined
  }
  for (const { file } of imports) {
    const circle = visit(file, [])
    if (circle) return circle
  }
  return undefined
}

/** One line for each import that points the wrong way, and for the first circle. */
export function faultsIn(src) {
  const imports = importsOf(src)
  const faults = imports
    .filter((each) => !mayImport(each))
    .map(({ file, line, name }) => {
      const folder = folderOf(file)
      const what = folder === '' ? 'a file directly in src/' : `src/${folder}`
      return `src/${file}:${line}: ${what} may not import ${name}`
    })
  const circle = circleIn(imports)
  return circle ? [...faults, `a circle in src/: ${circle.join(' -> ')}`] : faults
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const faults = faultsIn(fileURLToPath(new URL('../src', import.meta.url)))
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) {
    console.error('The rule is in .ci/import-directions.mjs.')
    process.exitCode = 1
  }
}
