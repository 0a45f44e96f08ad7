// Sanitize: everything native, instrumented: librdkafka, the native tests and the simulation, and the
// addon below all tests of jest that bring their own brokers.
//
//   npm run test:asan [-- part…]      AddressSanitizer with leaks, UndefinedBehaviorSanitizer
//   npm run test:tsan [-- part…]      ThreadSanitizer
//     part           core, simulation, engine, librdkafka or addon; all if none is given
//     --schedules N  of the simulation, 5000 if not given
//     --seed S       of the simulation
//     --folder F     below the addon, only the tests in test/F; can be given several times
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
import { OTHERS } from './steps/typescript.mjs'
import { withAddon } from './support/use-addon.mjs'

const require = createRequire(import.meta.url)
const log = (message) => process.stderr.write(`sanitize: ${message}\n`)
const suppressions = (name) => `suppressions=${join(root, 'test/sanitizers', name)}`

// These bound how much memory the process takes, and a sanitizer keeps what is freed.
const MEASURE_MEMORY = 'test/(lifecycle/(backpressure|churn|memory)|faults/bombs)\\.test'
/** By so much what a test waits for may take longer. */
const SLOWNESS = '5'
const PARTS = ['core', 'simulation', 'engine', 'librdkafka', 'addon']
const SANITIZERS = {
  address: {
    library: 'libasan.so',
    env: {
      ASAN_OPTIONS: 'detect_leaks=1:detect_stack_use_after_return=1',
      LSAN_OPTIONS: `${suppressions('leak.supp')}:print_suppressions=0`,
      UBSAN_OPTIONS: 'print_stacktrace=1',
    },
    // Node's own leaks must not fail the processes of tests; ours are found in the reports.
    inNode: { LSAN_OPTIONS: 'exitcode=0' },
  },
  thread: {
    library: 'libtsan.so',
    env: { TSAN_OPTIONS: `${suppressions('thread.supp')}:second_deadlock_stack=1` },
    // Nor must what it says of Node, whose locks it does not see all.
    inNode: { TSAN_OPTIONS: 'exitcode=0' },
  },
}

/** What cmake-js gives; with it the addon is built too. */
function addonOptions() {
  const packages = [require('node-api-headers'), require('node-addon-api')]
  const include = packages.map((one) => resolve(root, one.include_dir)).join(';')
  return ['-DCMAKE_JS_VERSION=8', `-DCMAKE_JS_INC=${include}`]
}

/** Jest in one process, so that it ends by itself and its leaks are looked for. */
async function runAddon(directory, { library, env, inNode }, folders) {
  const reports = join(root, directory, 'reports')
  const place = reportTo(reports)
  const options = Object.entries(env).map(([name, value]) => [
    name,
    [value, place, inNode[name] ?? ''].join(':'),
  ])
  const addon = join(root, directory, 'tidemark.node')
  const tests = folders ? ['--selectProjects', ...folders] : ['--ignoreProjects', ...OTHERS]
  tests.push('--testPathIgnorePatterns', MEASURE_MEMORY, '--runInBand')
  const preloaded = execFileSync('c++', [`-print-file-name=${library}`], { encoding: 'utf8' })
  const counts = await withAddon(addon, (useAddon) =>
    runJest('addon', tests, {
      ...Object.fromEntries(options),
      ...useAddon,
      LD_PRELOAD: preloaded.trim(),
      TIDEMARK_TEST_SLOWNESS: SLOWNESS,
    }),
  )
  const found = readReports(reports)
  for (const report of found) log(report)
  return { ...counts, failed: counts.failed + found.length }
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      schedules: { type: 'string', default: '5000' },
      seed: { type: 'string' },
      folder: { type: 'string', multiple: true },
    },
  })
  const [sanitizer, ...wanted] = positionals
  if (!Object.hasOwn(SANITIZERS, sanitizer)) throw new Error('usage: sanitize.mjs address|thread …')
  const { env } = SANITIZERS[sanitizer]
  const unknown = wanted.find((part) => !PARTS.includes(part))
  if (unknown) throw new Error(`there is no part ${unknown}: ${PARTS.join(', ')}`)
  const parts = wanted.length > 0 ? wanted : PARTS

  const directory = `build/${sanitizer}`
  log(`building in ${directory}`)
  buildNativeTests(directory, [`-DTIDEMARK_SANITIZE=${sanitizer}`, ...addonOptions()])
  const simulation = { ...env, TIDEMARK_SIMULATION_SCHEDULES: values.schedules }
  if (values.seed !== undefined) simulation.TIDEMARK_SIMULATION_SEED = values.seed
  const counts = []
  for (const part of parts) {
    log(part)
    counts.push(
      part === 'addon'
        ? await runAddon(directory, SANITIZERS[sanitizer], values.folder)
        : runGoogleTest(`${directory}/${part}_test`, part === 'simulation' ? simulation : env),
    )
  }
  const unclean = parts.filter((_, index) => counts[index].failed > 0)
  if (unclean.length > 0) throw new Error(`not clean: ${unclean.join(', ')}`)
  log(`clean: ${parts.join(', ')}: ${sum(counts).passed} tests`)
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
