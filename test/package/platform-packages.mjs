// Platform packages: those that `npm run prebuild` made, and stand-ins for those that it did not: for this
// machine the addon of the clone, for others an empty file, which is not installed here.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PLATFORM_PACKAGES } from '../../.ci/pack.mjs'
import { root } from '../steps/command.mjs'
import { manifestOf } from './registry.mjs'

const isGlibc = () => process.report.getReport().header.glibcVersionRuntime !== undefined
const libc = process.platform === 'linux' ? [isGlibc() ? 'gnu' : 'musl'] : []
export const HOST = `@tidemark/${[process.platform, process.arch, ...libc].join('-')}`

function standIn(name, version, folder) {
  const base = name.split('/')[1]
  const stage = join(folder, base, 'package')
  mkdirSync(stage, { recursive: true })
  const [os, cpu, library] = base.split('-')
  const libraries = { gnu: ['glibc'], musl: ['musl'] }[library]
  const manifest = {
    ...{ name, version, os: [os], cpu: [cpu], ...(libraries && { libc: libraries }) },
    ...{ main: 'tidemark.node', license: 'Apache-2.0' },
  }
  writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest))
  const addon = join(stage, 'tidemark.node')
  if (name === HOST) {
    cpSync(join(root, 'build/Release/tidemark.node'), addon)
    execFileSync('strip', [addon])
  } else {
    writeFileSync(addon, '')
  }
  const tarball = join(folder, `${base}.tgz`)
  execFileSync('tar', ['-czf', tarball, '-C', join(folder, base), 'package'])
  return tarball
}

/** The tarball of each, and which of them `npm run prebuild` made. Stand-ins are put into `folder`. */
export function platformPackages(version, folder) {
  return PLATFORM_PACKAGES.map((name) => {
    const tarball = join(root, 'build/prebuild/packages', `${name.split('/')[1]}.tgz`)
    const isPrebuilt = existsSync(tarball) && manifestOf(tarball).version === version
    return { name, isPrebuilt, tarball: isPrebuilt ? tarball : standIn(name, version, folder) }
  })
}
