// Checks: that a binary asks its machine for no more than it is said to, and shows it no more.
import { readFileSync } from 'node:fs'
import { readElf } from './elf.mjs'
import { readMachO } from './macho.mjs'
import { root } from './paths.mjs'
import { TARGETS } from './targets.mjs'

const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']
const NEEDED = {
  glibc: /^(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|ld-linux-.*)$/,
  musl: /^libc\.so$/,
  undefined: /^\/usr\/lib\/libSystem\.B\.dylib$/,
}
/** What Node has, for every addon. */
const OF_NODE = /^_?(napi|node_api)_/
/** zig's clang, and its linker. gcc leaves `GCC: (…)`. */
const OF_ZIG = /^(clang version .*zig-bootstrap.*|Linker: LLD .*)$/

function isNewer(version, floor) {
  const [a, b] = [version, floor].map((one) => one.split('.').map(Number))
  return a[0] > b[0] || (a[0] === b[0] && (a[1] ?? 0) > (b[1] ?? 0))
}

function findingsOfElf(file, { libc, floor }) {
  const { isNodelete, imports, comments, ...elf } = readElf(file)
  const findings = []
  if (!isNodelete) findings.push('it can be unloaded, with threads of librdkafka running in it')
  const strange = comments.filter((comment) => !OF_ZIG.test(comment))
  if (strange.length > 0 || comments.length === 0) {
    findings.push(`it was not made by zig alone: ${strange.join(', ') || 'nothing says by what'}`)
  }
  if (libc === 'glibc') {
    const needs = imports.filter(({ version }) => version?.startsWith('GLIBC_'))
    const newer = needs.filter(({ version }) => isNewer(version.slice('GLIBC_'.length), floor))
    for (const { name, version } of newer) findings.push(`it needs ${name} of ${version}`)
    const nameless = imports.filter(
      ({ name, version, isWeak }) => !version && !isWeak && !OF_NODE.test(name),
    )
    for (const { name } of nameless) findings.push(`nothing has the symbol ${name}`)
  }
  return { findings, imports: imports.map(({ name }) => name), ...elf }
}

function findingsOfMachO(file, { floor }) {
  const macho = readMachO(file)
  const findings = macho.floor === floor ? [] : [`it needs macOS ${macho.floor}`]
  return { findings, ...macho, exports: macho.exports.map((name) => name.replace(/^_/, '')) }
}

/** Throws with everything that is wrong with the binary `path` of `target`. */
export function checkBinary(target, path) {
  const { os, cpu, libc } = TARGETS[target]
  const file = readFileSync(path)
  const read = os === 'linux' ? findingsOfElf : findingsOfMachO
  const { findings, ...found } = read(file, TARGETS[target])
  if (found.cpu !== cpu) findings.push(`it is for ${found.cpu}`)
  for (const name of found.needed) {
    if (!NEEDED[libc].test(name)) findings.push(`it needs the library ${name}`)
  }
  if (found.exports.sort().join() !== EXPORTS.join()) {
    findings.push(`it exports ${found.exports.slice(0, 20).join(', ') || 'nothing'}`)
  }
  if (!found.imports.some((name) => OF_NODE.test(name))) findings.push('it asks Node for nothing')
  if (file.includes(root)) findings.push(`it says ${root}, a place on this machine`)
  if (findings.length > 0) throw new Error(`prebuild: ${path}:\n  ${findings.join('\n  ')}`)
}

/** What of the machine it runs on a binary needs: for its SBOM. */
export function describeNeeds(target) {
  const { os, libc, floor } = TARGETS[target]
  if (os === 'darwin') return `macOS ${floor}`
  return libc === 'glibc' ? `glibc ${floor}` : 'musl 1.2'
}
