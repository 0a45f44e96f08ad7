// Build TypeScript: dist/esm and dist/cjs. Two real builds: a CommonJS wrapper around one of them
// would load the other copy of apache-arrow than its user does, and `new Table(batch)` refuses the
// other copy's RecordBatch.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')

/** The same compiler settings as tsconfig.json, for the folder `from` alone, emitting into `out`. */
function compile(name, from, out, options = {}) {
  mkdirSync(join(root, 'build', name), { recursive: true })
  const config = join(root, 'build', name, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: {
        noEmit: false,
        allowJs: false,
        rootDir: `../../${from}`,
        outDir: `../../${out}`,
        types: ['node'],
        inlineSources: true,
        ...options,
      },
      include: [`../../${from}`],
    }),
  )
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

/** What is loaded by itself: what users load, and what `create` does. */
const ENTRIES = ['index', 'testing/index', 'columns/with-arrow']
const COMMON = { absWorkingDir: root, platform: 'node', target: 'node20', sourcemap: true }

// Few files, since Node takes half a millisecond to load each. What several entries need, such as
// TidemarkError, is in one that they all load. Without keepNames a class that speaks of itself is called
// _TidemarkError where it is printed.
function bundle(out) {
  buildSync({
    ...COMMON,
    entryPoints: ENTRIES.map((entry) => `src/${entry}.ts`),
    outdir: out,
    ...{ bundle: true, splitting: true, format: 'esm', keepNames: true },
    ...{ packages: 'external', external: ['#binding'], logLevel: 'warning' },
  })
}

// Of the bundled ES modules, since esbuild splits no others. An import() that is left as it is takes
// a CommonJS file through Node's loader of ES modules, which takes longer than `require`.
function convert(from, out) {
  buildSync({
    ...COMMON,
    entryPoints: [`${from}/**/*.js`],
    outbase: from,
    outdir: out,
    ...{ format: 'cjs', supported: { 'dynamic-import': false }, logLevel: 'warning' },
  })
}

for (const [out, type] of [
  ['dist/esm', 'module'],
  ['dist/cjs', 'commonjs'],
]) {
  rmSync(join(root, out), { recursive: true, force: true })
  mkdirSync(join(root, out), { recursive: true })
  // A package.json ends the search for `imports`, so each build names the binding for itself.
  const packageJson = { type, imports: { '#binding': './binding.cjs' } }
  writeFileSync(join(root, out, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`)
  writeFileSync(
    join(root, out, 'binding.cjs'),
    "module.exports = require('../../native/binding.cjs')\n",
  )
}
compile('declarations', 'src', 'dist/esm', { emitDeclarationOnly: true })
cpSync(join(root, 'dist/esm'), join(root, 'dist/cjs'), {
  recursive: true,
  filter: (file) => !/\.(json|cjs)$/.test(file),
})
bundle('dist/esm')
convert('dist/esm', 'dist/cjs')

// The examples and the demo use the package as its users do: by its name, from the builds above.
compile('examples', 'examples', 'build/examples')
