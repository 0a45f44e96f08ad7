import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './command.mjs'

/** Builds the native tests in `directory`, with the CMake options given as `-DNAME=VALUE`. */
export function buildNativeTests(directory, options = []) {
  const built =
    run('cmake', [
      ...['-S', 'native', '-B', directory, '-Wno-dev', '--log-level=WARNING'],
      ...['-DTIDEMARK_TESTS=ON', '-DCMAKE_BUILD_TYPE=Release', ...options],
    ]) && run('cmake', ['--build', directory, '--parallel', '2', '--', '--quiet'])
  if (!built) throw new Error(`the native tests could not be built in ${directory}`)
}

/** Runs one program of GoogleTest's. Returns its counts; a crash is one failure. */
export function runGoogleTest(program, env = {}) {
  const report = join(root, `${program}.json`)
  mkdirSync(join(report, '..'), { recursive: true })
  rmSync(report, { force: true })
  const succeeded = run(
    join(root, program),
    ['--gtest_brief=1', `--gtest_output=json:${report}`],
    env,
  )
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
  const { testsuites } = JSON.parse(readFileSync(report, 'utf8'))
  const results = testsuites.flatMap(({ testsuite }) => testsuite)
  const skipped = results.filter(({ result }) => result !== 'COMPLETED').length
  const failed = results.filter(({ failures }) => failures?.length > 0).length
  return {
    passed: results.length - failed - skipped,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped,
  }
}

/** The sum of several counts. */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key]
  return total
}
