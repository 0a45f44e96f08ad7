// Install: what would be published, installed by each package manager with scripts as it has them by
// itself, run in each Node and in Next.js, bundled and compiled; and the command that builds from source, run
// by each of them. Prints a table.
//
//   npm run test:install [-- <name> …]      only those that begin so, as `yarn` or `source`
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { targetOf } from '../.ci/pack.mjs'
import { BUNDLERS, bundlersParent, tryBundler } from './package/bundlers.mjs'
import { MANAGERS } from './package/managers.mjs'
import { tryNext } from './package/next.mjs'
import { HOST } from './package/platform-packages.mjs'
import { Project } from './package/project.mjs'
import { arrow, publish } from './package/published.mjs'
import { failQuickStart, runQuickStart, writeQuickStart } from './package/quick-start.mjs'
import { standInToolchain } from './package/stand-in-toolchain.mjs'
import { installNode } from './package/tools.mjs'
import { COMPILERS, checkTypes, typesOfNode } from './package/types.mjs'

const NODES = ['20.4.0', '22.23.5', '24.22.3', '26.12.1']
const BARS = { seconds: 5, megabytes: 25, megabytesOfBoth: 35 }

const published = await publish()
const rows = []
const wanted = process.argv.slice(2)
const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.startsWith(part))

/** A project with the quick start in both kinds, and where its manager finds the registries. */
function newProject(files, parent) {
  const project = new Project(parent)
  project.write('package.json', { private: true })
  for (const [name, text] of Object.entries(files(published))) project.write(name, text)
  writeQuickStart(project)
  return project
}

/** Caches of this test alone: managers keep what a registry said of a version, and what they have run. */
const cache = (name) => join(published.folder, 'caches', name)
const CACHES = {
  ...{ XDG_CACHE_HOME: cache('cache'), XDG_DATA_HOME: cache('data') },
  ...{ npm_config_cache: cache('npm'), YARN_CACHE_FOLDER: cache('yarn1') },
  ...{ YARN_GLOBAL_FOLDER: cache('yarn'), BUN_INSTALL_CACHE_DIR: cache('bun') },
  ...{ DENO_DIR: cache('deno'), TMPDIR: cache('tmp') },
}
mkdirSync(CACHES.TMPDIR, { recursive: true })

const run = (project, [command, ...args], env = {}) =>
  project.run(command, args, { env: { ...CACHES, ...env } })

async function attempt(name, work) {
  const row = { name }
  try {
    await work(row)
    row.result = 'runs'
  } catch (error) {
    row.result = 'FAILS'
    console.error(`${name}: ${error.message}`)
  }
  rows.push(row)
  console.log(JSON.stringify(row))
}

/** Installs twice: what is measured has warm caches, as on the second day. */
async function installed(files, add) {
  const first = newProject(files)
  const command = add({ tarball: published.packed.tidemark, arrow })
  try {
    await run(first, command)
  } finally {
    first.remove()
  }
  const project = newProject(files)
  const started = performance.now()
  const { stdout, stderr } = await run(project, command)
  const seconds = (performance.now() - started) / 1e3
  const output = stdout + stderr
  const lines = output.split('\n')
  return {
    project,
    seconds,
    output,
    // Yarn's own, of every ES module below Plug'n'Play (YN0092), and the count of it, are not of tidemark.
    warnings: output.includes('YN0092') ? [] : lines.filter((line) => /\bwarn/i.test(line)),
    scripts: lines.filter((line) => /script|approve|trust/i.test(line)),
  }
}

async function tryManager(name, { files, add, run: runner, blindToLibc }) {
  await attempt(name, async (row) => {
    const { project, seconds, output, warnings, scripts } = await installed(files, add)
    try {
      row.seconds = Number(seconds.toFixed(1))
      row.warnings = warnings.length
      row.scripts = scripts.length
      if (warnings.length + scripts.length > 0) console.log(`${name} says:\n${output}`)
      const hasModules = readdirSync(project.folder).includes('node_modules')
      const bytes = hasModules ? project.sizeOf() : 0
      row.megabytes = hasModules ? Number((bytes / 1e6).toFixed(1)) : undefined
      await runQuickStart(project, runner)
      const most = blindToLibc ? BARS.megabytesOfBoth : BARS.megabytes
      const isMet = !(row.megabytes > most) && row.warnings + row.scripts === 0
      assert(isMet, `it installs ${row.megabytes} MB, with ${row.warnings} warnings`)
      row.isQuick = row.seconds <= BARS.seconds
    } finally {
      project.remove()
    }
  })
}

/** How the manager runs the command that builds, and that its result is found: not the build. */
async function trySource(name, { files, add, run: runner, build }) {
  await attempt(`source, ${name}`, async () => {
    const { project } = await installed(files, add)
    try {
      removePlatformPackages(project)
      await failQuickStart(project, runner)
      // Bun runs such a command without the project's .npmrc.
      const env = {
        PATH: standInToolchain(cache('toolchain')),
        BUN_CONFIG_REGISTRY: published.own,
      }
      await run(project, build(`@tidemark/build@${published.version}`), env)
      await runQuickStart(project, runner)
    } finally {
      project.remove()
    }
  })
}

function removePlatformPackages(project) {
  const base = targetOf(HOST)
  const folders = readdirSync(project.path('node_modules'), { recursive: true })
  for (const folder of folders.filter(
    (each) => each.endsWith(base) || each.includes(`+${base}@`),
  )) {
    rmSync(project.path('node_modules', folder), { recursive: true, force: true })
  }
}

/** In a project that npm has installed, and in an empty one. */
async function tryWithNpm(name, work, { parent, packages = [] } = {}) {
  await attempt(name, async () => {
    const { files } = MANAGERS['npm 11']
    const [project, alone] = [newProject(files, parent), newProject(files)]
    try {
      const options = ['--prefer-offline', '--no-audit', '--no-fund']
      const { tidemark } = published.packed
      await run(project, ['npm', 'install', ...options, tidemark, arrow, ...packages])
      await work(project, alone)
    } finally {
      project.remove()
      alone.remove()
    }
  })
}

const tryNode = (version) =>
  tryWithNpm(`Node ${version}`, (project) =>
    runQuickStart(project, (file) => [installNode(version), file]),
  )

const tryCompiler = (name) =>
  tryWithNpm(
    name,
    async (project) => {
      for (const each of COMPILERS[name].resolutions) await checkTypes(project, name, each)
    },
    { packages: [typesOfNode()] },
  )

const bundleWith = (name) =>
  tryWithNpm(name, (project, alone) => tryBundler(name, project, alone), {
    parent: bundlersParent(),
  })

try {
  for (const [name, manager] of Object.entries(MANAGERS)) {
    if (isWanted(name)) await tryManager(name, manager)
  }
  for (const version of NODES) if (isWanted(`Node ${version}`)) await tryNode(version)
  for (const name of Object.keys(COMPILERS)) if (isWanted(name)) await tryCompiler(name)
  for (const name of BUNDLERS) if (isWanted(name)) await bundleWith(name)
  if (isWanted('Next.js')) {
    await attempt('Next.js', () => tryNext(newProject(MANAGERS['npm 11'].files), published))
  }
  for (const [name, manager] of Object.entries(MANAGERS)) {
    if (manager.build && isWanted(`source, ${name}`)) await trySource(name, manager)
  }
} finally {
  published.close()
}

console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])))
process.exitCode = rows.every(({ result }) => result === 'runs') ? 0 : 1
