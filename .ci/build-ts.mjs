// Build TypeScript: dist/esm and dist/cjs. Two real builds: a CommonJS wrapper around one of them
// would load the other copy of apache-arrow than its user does, and `new Table(batch)` refuses the
// other copy's RecordBatch.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
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

function build(format, out, packageJson, options) {
  rmSync(join(root, out), { recursive: true, force: true })
  mkdirSync(join(root, out), { recursive: true })
  writeFileSync(join(root, out, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`)
  compile(format, 'src', out, options)
}

// Few files, since Node takes half a millisecond to load each of an ES module's. What both entries
// need, such as TidemarkError, is in one that both load. Without keepNames a class that speaks of itself
// is called _TidemarkError where it is printed.
function bundle(out) {
  buildSync({
    absWorkingDir: root,
    entryPoints: ['src/index.ts', 'src/testing/index.ts'],
    outdir: out,
    ...{
      bundle: true,
      splitting: true,
      format: 'esm',
      packages: 'external',
      external: ['#binding'],
    },
    ...{ platform: 'node', target: 'node20', keepNames: true, sourcemap: true },
    logLevel: 'warning',
  })
}

// A package.json ends the search for `imports`, so each build names the binding for itself.
const imports = { '#binding': './binding.cjs' }
build('esm', 'dist/esm', { type: 'module', imports }, { emitDeclarationOnly: true })
bundle('dist/esm')
build(
  'cjs',
  'dist/cjs',
  { type: 'commonjs', imports },
  {
    module: 'commonjs',
    moduleResolution: 'node10',
    paths: { '#binding': ['../../native/binding.d.cts'] },
  },
)
for (const out of ['dist/esm', 'dist/cjs']) {
  writeFileSync(
    join(root, out, 'binding.cjs'),
    "module.exports = require('../../native/binding.cjs')\n",
  )
}

// The examples and the demo use the package as its users do: by its name, from the builds above.
compile('examples', 'examples', 'build/examples')
