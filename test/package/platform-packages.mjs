// Platform packages: those that `npm run prebuild` made, and stand-ins for those that it did not: for this
// machine the addon of the clone, for others an empty file, which is not installed here.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PLATFORM_PACKAGES, targetOf } from '../../.ci/pack.mjs'
import { describePackage } from '../../prebuild/package.mjs'
import { tarballOf } from '../../prebuild/paths.mjs'
import { hostTarget } from '../../prebuild/targets.mjs'
import { root } from '../steps/command.mjs'
import { manifestOf } from './registry.mjs'

export const HOST = `@tidemark/${hostTarget()}`

function standIn(name, folder) {
  const target = targetOf(name)
  const stage = join(folder, target, 'package')
  mkdirSync(stage, { recursive: true })
  writeFileSync(join(stage, 'package.json'), JSON.stringify(describePackage(target)))
  const addon = join(stage, 'tidemark.node')
  if (name === HOST) {
    cpSync(join(root, 'build/Release/tidemark.node'), addon)
    execFileSync('strip', [addon])
  } else {
    writeFileSync(addon, '')
  }
  const tarball = join(folder, `${target}.tgz`)
  execFileSync('tar', ['-czf', tarball, '-C', join(folder, target), 'package'])
  return tarball
}

/** The tarball of each, and which of them `npm run prebuild` made. Stand-ins are put into `folder`. */
export function platformPackages(version, folder) {
  return PLATFORM_PACKAGES.map((name) => {
    const tarball = tarballOf(targetOf(name))
    const isPrebuilt = existsSync(tarball) && manifestOf(tarball).version === version
    return { name, isPrebuilt, tarball: isPrebuilt ? tarball : standIn(name, folder) }
  })
}
