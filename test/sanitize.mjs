// Sanitize: everything native, instrumented: librdkafka, the native tests and the simulation, and the
// addon below all tests of jest that bring their own brokers.
//
//   npm run test:asan [-- part…]      AddressSanitizer with leaks, UndefinedBehaviorSanitizer
//   npm run test:tsan [-- part…]      ThreadSanitizer
//     part           core, simulation, engine, librdkafka or addon; all if none is given
//     --schedules N  of the simulation, 5000 if not given
//     --seed S       of the simulation
//
// What is not ours to mend is listed, with its reason, in test/sanitizers/*.supp.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readReports, reportTo } from './sanitizers/reports.mjs'
import { root } from './steps/command.mjs'
import { buildNativeTests, runGoogleTest, sum } from './steps/googletest.mjs'
import { runJest } from './steps/jest.mjs'

const require = createRequire(import.meta.url)
const log = (message) => process.stderr.write(`sanitize: ${message}\n`)
const suppressions = (name) => `suppressions=${join(root, 'test/sanitizers', name)}`

const SANITIZERS = {
  address: {
    parts: ['core', 'simulation', 'engine', 'librdkafka', 'addon'],
    env: {
      ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1',
      LSAN_OPTIONS: `${suppressions('leak.supp')}:print_suppressions=0`,
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
  },
  // Without the addon: see test/sanitizers/thread.supp.
  thread: {
    parts: ['core', 'simulation', 'engine', 'librdkafka'],
    env: { TSAN_OPTIONS: `${suppressions('thread.supp')}:second_deadlock_stack=1` },
  },
}

/** What cmake-js gives; with it the addon is built too. */
function addonOptions() {
  const packages = [require('node-api-headers'), require('node-addon-api')]
  const include = packages.map((one) => resolve(root, one.include_dir)).join(';')
  return ['-DCMAKE_JS_VERSION=8', `-DCMAKE_JS_INC=${include}`]
}

/** Jest in one process, so that it ends by itself and its leaks are looked for. */
function runAddon(directory, env) {
  const reports = join(root, directory, 'reports')
  const options = reportTo(reports)
  const hook = join(root, 'test/sanitizers/use-instrumented-addon.cjs')
  const instrumented = {
    ...env,
    ASAN_OPTIONS: `${env.ASAN_OPTIONS}:${options}`,
    LSAN_OPTIONS: `${env.LSAN_OPTIONS}:exitcode=0`,
    UBSAN_OPTIONS: `${env.UBSAN_OPTIONS}:${options}`,
    LD_PRELOAD: execFileSync('c++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim(),
    NODE_OPTIONS: `--require ${hook}`,
    TIDEMARK_INSTRUMENTED_ADDON: join(root, directory, 'tidemark.node'),
  }
  const counts = runJest('addon', ['--ignoreProjects', 'kafka', '--runInBand'], instrumented)
  const found = readReports(reports)
  for (const report of found) log(report)
  return { ...counts, failed: counts.failed + found.length }
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { schedules: { type: 'string', default: '5000' }, seed: { type: 'string' } },
  })
  const [sanitizer, ...wanted] = positionals
  if (!Object.hasOwn(SANITIZERS, sanitizer)) throw new Error('usage: sanitize.mjs address|thread …')
  const { parts: all, env } = SANITIZERS[sanitizer]
  const unknown = wanted.find((part) => !all.includes(part))
  if (unknown) throw new Error(`there is no part ${unknown}: ${all.join(', ')}`)
  const parts = wanted.length > 0 ? wanted : all

  const directory = `build/${sanitizer}`
  log(`building in ${directory}`)
  buildNativeTests(directory, [`-DTIDEMARK_SANITIZE=${sanitizer}`, ...addonOptions()])
  const simulation = { ...env, TIDEMARK_SIMULATION_SCHEDULES: values.schedules }
  if (values.seed !== undefined) simulation.TIDEMARK_SIMULATION_SEED = values.seed
  const counts = parts.map((part) => {
    log(part)
    if (part === 'addon') return runAddon(directory, env)
    return runGoogleTest(`${directory}/${part}_test`, part === 'simulation' ? simulation : env)
  })
  const unclean = parts.filter((_, index) => counts[index].failed > 0)
  if (unclean.length > 0) throw new Error(`not clean: ${unclean.join(', ')}`)
  log(`clean: ${parts.join(', ')}: ${sum(counts).passed} tests`)
}

try {
  main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
