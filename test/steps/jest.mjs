import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, runNode } from './command.mjs'

/** Runs jest with `args`. Returns its counts; a file that does not load counts as a failure. */
export function runJest(name, args, env = {}) {
  const report = join(root, `build/jest-${name}.json`)
  rmSync(report, { force: true })
  const succeeded = runNode(
    'node_modules/jest/bin/jest.js',
    ['-c', 'test/jest.config.cjs', '--json', `--outputFile=${report}`, ...args],
    env,
  )
  const counts = JSON.parse(readFileSync(report, 'utf8'))
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites
  return {
    passed: counts.numPassedTests,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: counts.numPendingTests + counts.numTodoTests,
  }
}
