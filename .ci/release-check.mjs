#!/usr/bin/env node
// Release check: packs what .ci/pack.mjs packs, takes the platforms' packages that are made, verifies that
// all belong together and say what is in them, and prints what to publish in which order.
//
//   npm run release:check
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { MOST_BYTES as MOST_OF_PLATFORM } from '../prebuild/package.mjs'
import { tarballOf } from '../prebuild/paths.mjs'
import { TARGETS } from '../prebuild/targets.mjs'
import { PLATFORM_PACKAGES, packAll, targetOf } from './pack.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const MOST_BYTES = 0.5e6

/** What the licences of a binary may be, since they ask for a notice alone where they are linked in. */
const LICENCES = [
  ...['Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'MIT', 'Zlib', 'public domain'],
  ...['Apache-2.0 WITH LLVM-exception', 'LGPL-2.1-or-later WITH GCC-exception-2.0'],
]

/** A file of a tarball; undefined where it has none of that name. */
function fileIn(tarball, name, encoding) {
  try {
    return execFileSync('tar', ['-xzOf', tarball, `package/${name}`], {
      ...{ encoding, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] },
    })
  } catch {
    return undefined
  }
}

function findingsOfManifest(tarball, name) {
  const manifest = JSON.parse(fileIn(tarball, 'package.json', 'utf8'))
  const findings = []
  if (manifest.name !== name) findings.push(`it is ${manifest.name}`)
  if (manifest.version !== version) findings.push(`it has version ${manifest.version}`)
  if (manifest.license !== license) findings.push(`its licence is ${manifest.license}`)
  if (manifest.private) findings.push('it is private')
  if (manifest.scripts) findings.push('it has scripts')
  for (const [dependency, range] of Object.entries(manifest.optionalDependencies ?? {})) {
    if (range !== version) findings.push(`it takes ${dependency} ${range}`)
  }
  for (const file of ['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md']) {
    if (!fileIn(tarball, file, 'utf8')) findings.push(`it has no ${file}`)
  }
  return { manifest, findings }
}

/** That the bill of materials is of this very binary, and that each of its parts has its notice. */
function findingsOfContents(tarball) {
  const sbom = fileIn(tarball, 'sbom.cdx.json', 'utf8')
  if (!sbom) return ['it has no sbom.cdx.json']
  const { components, metadata } = JSON.parse(sbom)
  const binary = fileIn(tarball, 'tidemark.node')
  const hash = binary && createHash('sha256').update(binary).digest('hex')
  const findings = metadata.component.hashes.some(({ content }) => content === hash)
    ? []
    : ['its sbom.cdx.json is of another tidemark.node']
  const notices = fileIn(tarball, 'THIRD-PARTY-NOTICES.md', 'utf8') ?? ''
  for (const { name, licenses } of components) {
    if (!notices.includes(`\n## ${name}\n`)) findings.push(`it has no notice of ${name}`)
    const licence = licenses?.map((each) => each.expression ?? each.license.id ?? each.license.name)
    if (!licence?.every((each) => LICENCES.includes(each))) {
      findings.push(`the licence of ${name} is ${licence}: see .ci/release-check.mjs`)
    }
  }
  for (const name of ['librdkafka', 'OpenSSL', 'Zstandard', 'zlib']) {
    if (!components.some((each) => each.name === name)) findings.push(`its SBOM lacks ${name}`)
  }
  return findings
}

/** What is wrong with the package of a platform. */
export function findingsOfPlatform(name, tarball) {
  const { manifest, findings } = findingsOfManifest(tarball, name)
  const { os, cpu, libc } = TARGETS[targetOf(name)]
  const expected = JSON.stringify([[os], [cpu], libc && [libc]])
  const found = JSON.stringify([manifest.os, manifest.cpu, manifest.libc])
  if (found !== expected) findings.push(`it is for ${found}, not ${expected}`)
  if (statSync(tarball).size > MOST_OF_PLATFORM) findings.push('it is too large')
  return [...findings, ...findingsOfContents(tarball)]
}

function findingsOfRest({ tidemark, build }) {
  const main = findingsOfManifest(tidemark, 'tidemark')
  const named = Object.keys(main.manifest.optionalDependencies)
  if (named.join() !== PLATFORM_PACKAGES.join()) main.findings.push(`it names ${named}`)
  if (statSync(tidemark).size > MOST_BYTES) main.findings.push('it is too large')
  return {
    tidemark: main.findings,
    '@tidemark/build': findingsOfManifest(build, '@tidemark/build').findings,
  }
}

function findingsOfClone() {
  const findings = []
  if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## ${version}`)) {
    findings.push(`CHANGELOG.md has no heading for ${version}`)
  }
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' })
  if (changed) findings.push('there are changes that are not committed')
  return findings
}

function main() {
  const packed = packAll()
  const findings = { 'this clone': findingsOfClone(), ...findingsOfRest(packed) }
  for (const name of PLATFORM_PACKAGES) {
    const tarball = tarballOf(targetOf(name))
    findings[name] = existsSync(tarball) ? findingsOfPlatform(name, tarball) : ['it is not made']
  }
  for (const [what, found] of Object.entries(findings)) {
    console.log(
      `${found.length === 0 ? 'ok  ' : 'FAIL'} ${what}${found.map((each) => `\n     ${each}`).join('')}`,
    )
  }
  if (Object.values(findings).some((found) => found.length > 0)) process.exit(1)

  // Last, so that whoever gets it gets the others.
  const order = [
    ...PLATFORM_PACKAGES.map((name) => tarballOf(targetOf(name))),
    packed.build,
    packed.tidemark,
  ]
  console.log('\nPublish in this order:')
  for (const tarball of order) {
    console.log(`  npm publish --access public ${relative(root, tarball)}`)
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) main()
