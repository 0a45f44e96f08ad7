// Fuzz: hostile input for as long as you say. `npm test` replays what was found and kept.
//
//   npm run fuzz [-- --seconds N] [target…]
//     target     decoder, merge, codecs, inflate, segments (libFuzzer, needs clang) or options
//                (fast-check); all if none is given
//     --seconds  for each target, 60 if not given
//     --seed     a number, to repeat a run; a new one if not given, it is printed
//     --keep     adds the inputs that reach something new to native/fuzz/corpus
//
// An input that fails is written to native/fuzz/corpus/<target>/ at once, where it is replayed from
// then on; of the options, fast-check prints the smallest one: it becomes a test.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildSync } from 'esbuild'
import { root, run } from './steps/command.mjs'
import { fuzzOptions } from './support/options-property.js'

const log = (message) => process.stderr.write(`fuzz: ${message}\n`)

const DIRECTORY = 'build/fuzz'
/** The longest input: about what a run of the target can use up. */
const LONGEST = { decoder: 512, merge: 1024, codecs: 4096, inflate: 4096, segments: 1024 }
const TARGETS = [...Object.keys(LONGEST), 'options']

function buildFuzzers() {
  if (spawnSync('clang++', ['--version']).status !== 0) {
    throw new Error(
      'libFuzzer comes with clang, and clang++ is missing; on Debian and Ubuntu: ' +
        'apt-get install -y clang. The target options needs none.',
    )
  }
  const built =
    run('cmake', [
      ...['-S', 'native', '-B', DIRECTORY, '-Wno-dev', '--log-level=WARNING'],
      ...['-DCMAKE_C_COMPILER=clang', '-DCMAKE_CXX_COMPILER=clang++'],
      '-DTIDEMARK_SANITIZE=fuzzer',
    ]) &&
    run('cmake', ['--build', DIRECTORY, '--target', 'fuzz', '--parallel', '2', '--', '--quiet'])
  if (!built) throw new Error(`the fuzzers could not be built in ${DIRECTORY}`)
}

function fuzzNative(target, { seconds, seed, keep }) {
  const kept = `native/fuzz/corpus/${target}`
  const working = `${DIRECTORY}/corpus/${target}`
  mkdirSync(join(root, working), { recursive: true })
  const fuzz = (...args) => {
    const common = [`-max_len=${LONGEST[target]}`, `-artifact_prefix=${kept}/`]
    if (!run(join(root, DIRECTORY, `fuzz_${target}`), [...common, ...args])) {
      throw new Error(`${target} fails: see above, and the newest file in ${kept}`)
    }
  }
  fuzz(
    ...[`-max_total_time=${seconds}`, `-seed=${seed}`, '-len_control=0', '-timeout=60'],
    ...['-print_final_stats=1', working, kept],
  )
  if (keep) fuzz('-set_cover_merge=1', kept, working)
}

/** From its source: dist shows users no part of it. */
function loadOptionChecker() {
  const outfile = join(root, DIRECTORY, 'options.mjs')
  const parts = ['options/options.js', 'native.js', 'topics/source-topic.js']
  buildSync({
    stdin: {
      contents: parts.map((part) => `export * from './src/${part}'`).join('\n'),
      resolveDir: root,
    },
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', external: ['#binding'] },
  })
  return import(outfile)
}

async function fuzzOptionChecker({ seconds, seed }) {
  const { checkOptions, native, SourceTopic } = await loadOptionChecker()
  const checker = { checkOptions, SourceTopic, known: native }
  const { checked, accepted } = fuzzOptions(checker, {
    numRuns: Number.POSITIVE_INFINITY,
    interruptAfterTimeLimit: seconds * 1000,
    seed,
  })
  log(`${checked} options, ${accepted} of them accepted`)
}

function number(name, text) {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new Error(`--${name} must be a whole number from 1 on, not ${text}`)
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
      keep: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.find((target) => !TARGETS.includes(target))
  if (unknown) throw new Error(`there is no target ${unknown}: ${TARGETS.join(', ')}`)
  const targets = positionals.length > 0 ? positionals : TARGETS
  const settings = {
    seconds: number('seconds', values.seconds),
    seed: number('seed', values.seed),
    keep: values.keep,
  }
  if (targets.some((target) => target !== 'options')) buildFuzzers()
  for (const target of targets) {
    log(`${target}: ${settings.seconds} s, seed ${settings.seed}`)
    if (target === 'options') await fuzzOptionChecker(settings)
    else fuzzNative(target, settings)
  }
  log('nothing found')
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
