// Package: @tidemark/<target>, packed: the binary, whose it is, and what is in it.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describeNeeds } from './checks.mjs'
import { noticesOf } from './notices.mjs'
import { packagesDirectory, root, tarballOf } from './paths.mjs'
import { sbomOf } from './sbom.mjs'
import { TARGETS } from './targets.mjs'

const BINARY = 'tidemark.node'
export const MOST_BYTES = 4.5e6

/** Its package.json. */
export function describePackage(target) {
  const { os, cpu, libc } = TARGETS[target]
  const main = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { version, license, author, engines } = main
  return {
    name: `@tidemark/${target}`,
    version,
    description: `The addon of tidemark for ${target}`,
    ...{ license, author },
    os: [os],
    cpu: [cpu],
    ...(libc ? { libc: [libc] } : {}),
    engines,
    main: BINARY,
    files: [BINARY, 'THIRD-PARTY-NOTICES.md', 'sbom.cdx.json'],
  }
}

const readme = (target) => `# @tidemark/${target}

The addon of tidemark for ${target} (${describeNeeds(target)} or newer).
Install \`tidemark\`: it brings this package along where it fits.
`

/** Returns the tarball's path. */
export function makePackage(target, binary) {
  const directory = join(packagesDirectory, target)
  const tarball = tarballOf(target)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const manifest = describePackage(target)
  const write = (name, text) => writeFileSync(join(directory, name), text)
  cpSync(binary, join(directory, BINARY))
  cpSync(join(root, 'LICENSE'), join(directory, 'LICENSE'))
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`)
  write('README.md', readme(target))
  write('THIRD-PARTY-NOTICES.md', noticesOf(target))
  write('sbom.cdx.json', sbomOf(target, manifest, readFileSync(binary)))
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', packagesDirectory], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ filename }] = Object.values(JSON.parse(packed))
  renameSync(join(packagesDirectory, filename), tarball)
  const { size } = statSync(tarball)
  if (size > MOST_BYTES) {
    throw new Error(`prebuild: ${tarball} has ${size} bytes, and ${MOST_BYTES} are the most`)
  }
  return tarball
}
