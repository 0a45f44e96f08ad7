import { run, runNode } from './command.mjs'

/** Formatters, linters and types: each counts as one. */
export async function lint() {
  const checks = {
    biome: () => runNode('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings']),
    'tsc (types)': () => runNode('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']),
    'clang-format': () => run(process.execPath, ['.ci/clang-format.mjs', '--check']),
    'include directions': () => run(process.execPath, ['.ci/include-directions.mjs']),
    'import directions': () => run(process.execPath, ['.ci/import-directions.mjs']),
  }
  let failed = 0
  for (const [name, check] of Object.entries(checks)) {
    const passed = check()
    if (!passed) failed++
    console.log(`${passed ? 'ok' : 'FAILED'}  ${name}`)
  }
  return { passed: Object.keys(checks).length - failed, failed, skipped: 0 }
}
