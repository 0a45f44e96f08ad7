// Managers: each package manager, how it is told of the two registries, and what it is asked to do.
import { join } from 'node:path'
import { installPackage } from './tools.mjs'

const { platform, arch } = process
const packageOf = (name, version, program) => () => join(installPackage(name, version), program)

/** Both, as most of them read it. */
const npmrc = ({ own, upstream }) => ({
  '.npmrc': `registry=${upstream}\n@tidemark:registry=${own}\n`,
})
const yarnrc = (nodeLinker, { own, upstream }) => ({
  'yarn.lock': '',
  '.yarnrc.yml': [
    ...[`nodeLinker: ${nodeLinker}`, 'enableTelemetry: false', `npmRegistryServer: ${upstream}`],
    ...['unsafeHttpWhitelist: [127.0.0.1]', 'npmScopes:', '  tidemark:'],
    `    npmRegistryServer: ${own}\n`,
  ].join('\n'),
})

const yarn1 = packageOf('yarn', '1.22.22', 'yarn/bin/yarn.js')
const yarn4 = packageOf('@yarnpkg/cli-dist', '4.18.1', '@yarnpkg/cli-dist/bin/yarn.js')
const pnpm10 = packageOf('pnpm', '10.34.9', 'pnpm/bin/pnpm.cjs')
const pnpm12 = packageOf('pnpm', '12.21.0', `@pnpm/exe.${platform}-${arch}/pnpm`)
const bun = packageOf('bun', '1.4.5', `@oven/bun-${platform}-${arch}/bin/bun`)
const deno = packageOf('deno', '2.9.6', 'deno/bin.cjs')

const node = (file) => ['node', file]

/**
 * `files` tell it where the registries are; `add` installs the tarball and apache-arrow; `run` runs a
 * program; `build` is how it runs the command of a package that is not installed. Each gives a command.
 * One that is `blindToLibc` installs the packages for glibc and for musl.
 */
export const MANAGERS = {
  'npm 11': {
    files: npmrc,
    add: ({ tarball, arrow }) => ['npm', 'install', '--no-audit', '--no-fund', tarball, arrow],
    run: node,
    build: (name) => ['npx', '--yes', name],
  },
  'pnpm 10': {
    files: npmrc,
    add: ({ tarball, arrow }) => ['node', pnpm10(), 'add', tarball, arrow],
    run: node,
    build: (name) => ['node', pnpm10(), 'dlx', name],
  },
  'pnpm 12': {
    files: npmrc,
    add: ({ tarball, arrow }) => [pnpm12(), 'add', tarball, arrow],
    run: node,
    build: (name) => [pnpm12(), 'dlx', name],
  },
  'yarn 1': {
    blindToLibc: true,
    files: npmrc,
    add: ({ tarball, arrow }) => ['node', yarn1(), 'add', '--non-interactive', tarball, arrow],
    run: node,
    build: (name) => ['npx', '--yes', name],
  },
  'yarn 4': {
    files: (registries) => yarnrc('node-modules', registries),
    add: ({ tarball, arrow }) => ['node', yarn4(), 'add', `tidemark@file:${tarball}`, arrow],
    run: node,
    build: (name) => ['node', yarn4(), 'dlx', name],
  },
  "yarn 4, Plug'n'Play": {
    files: (registries) => yarnrc('pnp', registries),
    add: ({ tarball, arrow }) => ['node', yarn4(), 'add', `tidemark@file:${tarball}`, arrow],
    run: (file) => ['node', yarn4(), 'node', file],
  },
  'Bun 1.4': {
    files: npmrc,
    add: ({ tarball, arrow }) => [bun(), 'add', tarball, arrow],
    run: (file) => [bun(), file],
    build: (name) => [bun(), 'x', name],
  },
  // It takes no tarballs, so the registry has tidemark, too.
  'Deno 2.9': {
    blindToLibc: true,
    files: ({ own }) => ({
      '.npmrc': `registry=${own}\n`,
      'deno.json': '{"nodeModulesDir":"auto"}',
    }),
    add: ({ arrow }) => ['node', deno(), 'add', 'npm:tidemark', `npm:${arrow}`],
    run: (file) => ['node', deno(), 'run', '-A', file],
  },
}
