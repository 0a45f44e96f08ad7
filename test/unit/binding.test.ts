// The binding chooses the package of its platform, and says what to do where there is none.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const MUSL = '/lib/ld-musl-x86_64.so.1'
const BINDING = 'node_modules/tidemark/dist/cjs/binding.js'
let project: string

function write(file: string, text: string): void {
  mkdirSync(dirname(join(project, file)), { recursive: true })
  writeFileSync(join(project, file), text)
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'tidemark-binding-'))
  write(BINDING, '')
  cpSync(join(__dirname, '../../native/node/binding.cjs'), join(project, BINDING))
  write('node_modules/tidemark/package.json', '{ "version": "1.2.3" }')
})
afterEach(() => rmSync(project, { recursive: true }))

/** The package of another platform, which says its name. */
const install = (target: string) =>
  write(`node_modules/@tidemark/${target}/index.js`, `module.exports = '${target}'`)

/** What a process that takes itself for another gets: the addon, or an error. */
function load(properties: Partial<typeof process>): string {
  const program = `
    for (const [name, value] of Object.entries(${JSON.stringify(properties)})) {
      Object.defineProperty(process, name, { value })
    }
    try { console.log(require('./${BINDING}')) }
    catch (error) { console.log(error.code, error.message) }`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: project,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout.trim()
}

test.each<[string, Partial<typeof process>]>([
  ['linux-x64-musl', { platform: 'linux', arch: 'x64', execPath: MUSL }],
  ['linux-arm64-musl', { platform: 'linux', arch: 'arm64', execPath: MUSL }],
  // What cannot be told is taken for glibc, which most have.
  ['linux-x64-gnu', { platform: 'linux', arch: 'x64', execPath: '/proc/self/cmdline' }],
  ['linux-arm64-gnu', { platform: 'linux', arch: 'arm64', execPath: '/no/such/file' }],
  ['darwin-arm64', { platform: 'darwin', arch: 'arm64' }],
  ['darwin-x64', { platform: 'darwin', arch: 'x64' }],
])('of several packages it takes %s', (target, properties) => {
  for (const libc of ['gnu', 'musl']) {
    for (const arch of ['x64', 'arm64']) install(`linux-${arch}-${libc}`)
  }
  for (const arch of ['x64', 'arm64']) install(`darwin-${arch}`)
  expect(load(properties)).toBe(target)
})

test('its own C library it reads off the very program', () => {
  const { glibcVersionRuntime } = Object(process.report.getReport()).header
  const target = `linux-${process.arch}-${glibcVersionRuntime ? 'gnu' : 'musl'}`
  for (const libc of ['gnu', 'musl']) install(`linux-${process.arch}-${libc}`)
  expect(load({})).toBe(target)
})

test('a package that is not installed is named, with the command that builds from source', () => {
  expect(load({ platform: 'linux', arch: 'x64', execPath: MUSL })).toBe(
    'ERR_NATIVE_ADDON tidemark: the native addon for linux x64 (musl) could not be loaded: the package ' +
      '@tidemark/linux-x64-musl is not installed. Install on the platform where it runs, with optional ' +
      'dependencies; or build it from source, in the project: `npx --yes @tidemark/build@1.2.3`.',
  )
})

test('a processor that has no package is named', () => {
  expect(load({ platform: 'linux', arch: 'riscv64' })).toMatch(
    /for linux riscv64 \(\w+\) could not be loaded: there is no package for linux-riscv64-\w+\. Install .*@tidemark\/build@1\.2\.3/,
  )
})

test('an addon that cannot be loaded is told with the reason of the system', () => {
  write('node_modules/@tidemark/darwin-x64/package.json', '{ "main": "tidemark.node" }')
  write('node_modules/@tidemark/darwin-x64/tidemark.node', 'not a library at all')
  expect(load({ platform: 'darwin', arch: 'x64' })).toMatch(
    /for darwin x64 could not be loaded: .*tidemark\.node.*\. Install on/,
  )
})

test('on Windows it does not advise to build', () => {
  const message = load({ platform: 'win32', arch: 'x64' })
  expect(message).toMatch(/for win32 x64 could not be loaded: .* It runs on Linux and macOS\.$/)
})
