// A bundler may take tidemark's code away from its addon: the error then names the bundler's option.
// examples/bundlers shows how they stay together; test/package runs that.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { outputOf, Program, ROOT } from './program.js'

let folder: string
/** Where no addon is above, as there is here. */
let elsewhere: string
beforeAll(() => {
  folder = mkdtempSync(join(ROOT, 'build/bundled-'))
  elsewhere = mkdtempSync(join(tmpdir(), 'tidemark-bundled-'))
  writeFileSync(
    join(folder, 'app.mjs'),
    "import { ConsumerManager } from 'tidemark'\nimport 'tidemark/testing'\n" +
      'console.log(typeof ConsumerManager)\n',
  )
})
afterAll(() => {
  for (const each of [folder, elsewhere]) rmSync(each, { recursive: true })
})

/** The bundle's file, relative to the root. */
function bundle(out: string, options: string[]): string {
  const esbuild = join(ROOT, 'node_modules/esbuild/bin/esbuild')
  const args = [join(folder, 'app.mjs'), '--bundle', '--platform=node', `--outfile=${out}`]
  const { status, stderr } = spawnSync(esbuild, [...args, ...options], { encoding: 'utf8' })
  expect({ status, stderr }).toMatchObject({ status: 0 })
  return relative(ROOT, out)
}

describe.each([
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
])('%s', (format, extension) => {
  test('an application with tidemark in the bundle is told how to leave it out', async () => {
    const program = new Program(bundle(join(elsewhere, `all.${extension}`), [`--format=${format}`]))
    expect(await program.ended).toMatchObject({ code: 1 })
    expect(program.stderr).toContain("code: 'ERR_NATIVE_ADDON'")
    expect(program.stderr).toMatch(
      /the native addon for \S+ \S+( \(\w+\))? could not be loaded: .*A bundler has moved its code.*--external:tidemark.*webpack.*rollup.*serverExternalPackages/s,
    )
    expect(program.stderr).not.toContain('@tidemark/build')
  }, 60_000)

  test('what the error says works', async () => {
    const options = [`--format=${format}`, '--external:tidemark']
    expect(await outputOf(bundle(join(folder, `external.${extension}`), options))).toBe(
      'function\n',
    )
  }, 60_000)
})
