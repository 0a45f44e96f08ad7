// Bundlers: each of examples/bundlers builds an application, which then runs in another project.
import assert from 'node:assert/strict'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../steps/command.mjs'
import { installTools, tool } from './tools.mjs'

const EXAMPLES = join(root, 'examples/bundlers')

/** Where a project must be to find the bundlers. */
export const bundlersParent = () => join(installTools(), 'projects')

/** What each makes, and how it is run in its project. */
const COMMANDS = {
  esbuild: {
    'esbuild-esm/app.mjs': () => ['esbuild-esm.mjs'],
    'esbuild-cjs/app.cjs': () => ['esbuild-cjs.mjs'],
  },
  rollup: { 'rollup/app.mjs': () => [tool('rollup/dist/bin/rollup'), '-c'] },
  webpack: { 'webpack/app.cjs': () => [tool('webpack-cli/bin/cli.js')] },
  '@vercel/nft': { 'traced/app.mjs': () => ['trace.mjs'] },
}
/** Its other files are what is bundled, and that of test/package/next.mjs. */
const OTHERS = ['app.cjs', 'app.mjs', 'next.config.mjs']

export const BUNDLERS = Object.keys(COMMANDS)

/** Bundles in `project`, which has tidemark and is below `bundlersParent`; runs it in `alone`. */
export async function tryBundler(name, project, alone) {
  cpSync(EXAMPLES, project.folder, { recursive: true })
  for (const [file, command] of Object.entries(COMMANDS[name])) {
    await project.run('node', command())
    const folder = file.split('/')[0]
    cpSync(project.path('out', folder), alone.path(folder), { recursive: true })
    if (/^(esbuild-esm|rollup|webpack)/.test(folder)) {
      const packages = 'node_modules/@tidemark'
      cpSync(project.path(packages), alone.path(folder, packages), { recursive: true })
    }
    assert.equal((await alone.run('node', [file])).stdout, 'replayed 3 rows\n', file)
  }
  const known = Object.values(COMMANDS).flatMap((each) => Object.keys(each))
  assert.equal(readdirSync(EXAMPLES).length, known.length + OTHERS.length)
}
