// Platforms: each packed binary that is there, on its platform's own Node: other libcs and processors by
// emulation. Says with one line what it left out.
//
//   npm run test:platforms [-- target…]     those targets; all, if none is given
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tarballOf } from '../prebuild/paths.mjs'
import { TARGETS } from '../prebuild/targets.mjs'
import { makeProject, placePackage } from './platforms/project.mjs'
import { RUNTIMES } from './platforms/runtimes.mjs'

/** An emulated Node takes a minute to begin. */
const TIMEOUT_MS = 600_000
const RIGHT = /^right on \S+ \S+, Node \S+$/m

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(TARGETS, name))
if (unknown.length > 0) throw new Error(`no target ${unknown}; there are ${Object.keys(TARGETS)}`)

const counts = { passed: 0, failed: 0 }
const leftOut = []
const project = makeProject()
try {
  for (const target of named.length > 0 ? named : Object.keys(TARGETS)) {
    const runtimes = RUNTIMES.filter((runtime) => runtime.target === target)
    if (runtimes.length === 0) leftOut.push(`${target}: there is nothing here that runs it`)
    else if (!existsSync(tarballOf(target))) {
      leftOut.push(`${target}: not built, see \`npm run prebuild -- ${target}\``)
    } else {
      placePackage(project, target)
      for (const runtime of runtimes) tryRuntime(runtime)
    }
  }
} finally {
  rmSync(project, { recursive: true, force: true })
}
for (const reason of leftOut) console.log(`left out: ${reason}`)
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed > 0 ? 1 : 0

function tryRuntime({ target, name, prepare }) {
  let command
  try {
    command = prepare(project)
  } catch (error) {
    leftOut.push(`${target}, ${name}: ${error.message.split('\n')[0]}`)
    return
  }
  const started = performance.now()
  const [program, ...args] = command([join(project, 'program.mjs'), join(project, 'certificates')])
  const { stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  })
  const isRight = RIGHT.test(stdout)
  counts[isRight ? 'passed' : 'failed']++
  const seconds = ((performance.now() - started) / 1e3).toFixed(1)
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${target}, ${name} (${seconds} s)`)
  if (!isRight) console.log(`${stdout}${stderr}${error?.message ?? ''}`)
}
