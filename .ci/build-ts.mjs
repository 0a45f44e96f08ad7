// Build TypeScript: dist/esm and dist/cjs. Two real builds: a CommonJS wrapper around one of them
// would load the other copy of apache-arrow than its user does, and `new Table(batch)` refuses the
// other copy's RecordBatch.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, buildSync, transformSync } from 'esbuild'
import { PLATFORM_PACKAGES } from './pack.mjs'

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

/** The file beside the bundle that loads the addon, which `#binding` is in the sources. */
const BINDING = {
  name: 'binding',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^#binding$/ }, () => ({ path: './binding.js', external: true })),
}

// What CommonJS has and ES modules lack. Where a bundler makes CommonJS of this there is `__filename`,
// and no import.meta.url. `node -e` has one too: '[eval]'. webpack makes nothing of a createRequire by
// its bare name, unless it is called with import.meta.url.
const COMMONJS = `import nodeModule, { createRequire } from 'node:module'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

const isCommonJs = typeof __filename === 'string' && isAbsolute(__filename)
const self = isCommonJs ? __filename : fileURLToPath(import.meta.url)
const require = nodeModule.createRequire(self)
const module = {}
`

/** Turbopack, with which Next.js traces the files that it deploys, follows no other form. */
const traced = (packages) => `
// Never called: for tracers of files.
function traced() {
  const require = createRequire(import.meta.url)
  try {
    ${packages.map((name) => `require('${name}')`).join('\n    ')}
  } catch {}
}
`

/** A relative path in it counts from two folders below the root, in each of its three places. */
function addBindings() {
  const binding = readFileSync(join(root, 'native/node/binding.cjs'), 'utf8')
  writeFileSync(join(root, 'dist/cjs/binding.js'), binding)
  const { code } = transformSync(binding, {
    define: { __filename: 'self' },
    banner: `// Made of native/node/binding.cjs.\n${COMMONJS}`,
    footer: `export default module.exports\n${traced(PLATFORM_PACKAGES)}`,
  })
  writeFileSync(join(root, 'dist/esm/binding.js'), code)
}

// Few files, since Node takes half a millisecond to load each. What several entries need, such as
// TidemarkError, is in one that they all load. Without keepNames a class that speaks of itself is called
// _TidemarkError where it is printed.
function bundle(out) {
  return build({
    ...COMMON,
    entryPoints: ENTRIES.map((entry) => `src/${entry}.ts`),
    outdir: out,
    ...{ bundle: true, splitting: true, format: 'esm', keepNames: true },
    ...{ packages: 'external', plugins: [BINDING], logLevel: 'warning' },
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
  writeFileSync(join(root, out, 'package.json'), `${JSON.stringify({ type }, null, 2)}\n`)
}
compile('declarations', 'src', 'dist/esm', { emitDeclarationOnly: true, stripInternal: true })
cpSync(join(root, 'dist/esm'), join(root, 'dist/cjs'), {
  recursive: true,
  filter: (file) => !file.endsWith('.json'),
})
await bundle('dist/esm')
convert('dist/esm', 'dist/cjs')
addBindings()

// The examples and the demo use the package as its users do: by its name, from the builds above.
compile('examples', 'examples', 'build/examples')
