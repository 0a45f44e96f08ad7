// Build TypeScript: dist/esm and dist/cjs. Two real builds: a CommonJS wrapper around one of them
// would load the other copy of apache-arrow than its user does, and `new Table(batch)` refuses the
// other copy's RecordBatch.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const tsc = join(root, 'node_modules/typescript/bin/tsc')

/** The same compiler settings as tsconfig.json, for src alone, emitting `format` into `out`. */
function build(format, out, packageJson) {
  rmSync(join(root, out), { recursive: true, force: true })
  mkdirSync(join(root, 'build', format), { recursive: true })
  mkdirSync(join(root, out), { recursive: true })
  writeFileSync(join(root, out, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`)
  const config = join(root, 'build', format, 'tsconfig.json')
  const isCommonJs = format === 'cjs'
  writeFileSync(
    config,
    JSON.stringify({
      extends: '../../tsconfig.json',
      compilerOptions: {
        noEmit: false,
        allowJs: false,
        rootDir: '../../src',
        outDir: `../../${out}`,
        types: ['node'],
        ...(isCommonJs
          ? {
              module: 'commonjs',
              moduleResolution: 'node10',
              paths: { '#binding': ['../../native/binding.d.cts'] },
            }
          : {}),
      },
      include: ['../../src'],
    }),
  )
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

// A package.json ends the search for `imports`, so each build names the binding for itself.
const imports = { '#binding': './binding.cjs' }
build('esm', 'dist/esm', { type: 'module', imports })
build('cjs', 'dist/cjs', { type: 'commonjs', imports })
for (const out of ['dist/esm', 'dist/cjs']) {
  writeFileSync(
    join(root, out, 'binding.cjs'),
    "module.exports = require('../../native/binding.cjs')\n",
  )
}
