// Paths: where the binaries are built.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
export const buildDirectory = join(root, 'build', 'prebuild')
export const packagesDirectory = join(buildDirectory, 'packages')

/** The packed package of a target. */
export const tarballOf = (target) => join(packagesDirectory, `${target}.tgz`)

/** The directory of one stage of a target. */
export const stageDirectory = (target, stage) => join(buildDirectory, target, stage)
