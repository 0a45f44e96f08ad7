// Simulation: the merge against its oracle, many schedules long. `npm test` runs 100,000 of them.
//
//   npm run test:simulation [-- --schedules N --seed S --jobs J]
//     --schedules  how many, 10,000,000 if not given
//     --seed       the first seed, a new one each time if not given; it is printed
//     --jobs       processes at a time, as many as there are cores if not given
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './steps/command.mjs'
import { buildNativeTests } from './steps/googletest.mjs'

/** A seed makes some logs; each is played so many times (native/merge/simulation_test.cc). */
const SCHEDULES_PER_SEED = 5
/** Of one process: what there is to wait for, and the step of the progress that is shown. */
const SCHEDULES_PER_RUN = 250_000

const log = (message) => process.stderr.write(`simulation: ${message}\n`)

function number(name, text) {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new Error(`--${name} must be a whole number from 1 on, not ${text}`)
}

/** Runs the schedules of some seeds; resolves to the output if it fails, else to null. */
function simulate(program, schedules, seed) {
  const child = spawn(program, ['--gtest_brief=1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TIDEMARK_SIMULATION_SCHEDULES: String(schedules),
      TIDEMARK_SIMULATION_SEED: String(seed),
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      resolve(code === 0 ? null : `${output}\nended with ${signal ?? `code ${code}`}`)
    })
  })
}

async function main() {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '10000000' },
      seed: { type: 'string', default: String(randomInt(1, 2 ** 40)) },
      jobs: { type: 'string', default: String(availableParallelism()) },
    },
  })
  const schedules = number('schedules', values.schedules)
  const seed = number('seed', values.seed)
  const jobs = number('jobs', values.jobs)
  buildNativeTests('build/native')
  const program = join(root, 'build/native/simulation_test')
  log(`${schedules} schedules from seed ${seed}`)

  const begin = Date.now()
  let started = 0
  let done = 0
  let failure = null
  const work = async () => {
    while (started < schedules && failure === null) {
      const first = started
      const count = Math.min(SCHEDULES_PER_RUN, schedules - first)
      started += count
      const failed = await simulate(program, count, seed + first / SCHEDULES_PER_SEED)
      failure ??= failed
      done += count
      log(`${done} of ${schedules} after ${Math.round((Date.now() - begin) / 1000)} s`)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  if (failure !== null) throw new Error(failure)
  log(`all as the oracle says, from seed ${seed}`)
}

try {
  await main()
} catch (error) {
  log(error.message)
  process.exitCode = 1
}
