#!/usr/bin/env node
// Pack: what is published, as build/packages/<name>.tgz: tidemark itself, and @tidemark/build, which
// compiles the addon from source. (Each platform's package is made where its addon is built.)
//
// Packed are copies, with a package.json of their own: only there are the packages of the platforms named,
// so that a clone, which builds its addon, never looks for them. Set-up comes first: `npm run pack`.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'build/packages')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Those that the binding knows, as `@tidemark/linux-x64-gnu`. */
export const PLATFORM_PACKAGES = [
  ...readFileSync(join(root, 'native/node/binding.cjs'), 'utf8').matchAll(
    /require\('(@tidemark\/[a-z0-9-]+)'\)/g,
  ),
].map(([, name]) => name)

/** linux-x64-gnu, say. */
export const targetOf = (name) => name.split('/')[1]

const pick = (...names) => Object.fromEntries(names.map((name) => [name, manifest[name]]))
const same = (...names) => names.map((name) => [name, name])

/** Sources without what tests them. */
const isBuilt = (file) =>
  !/_test\.cc$|\/native\/(fuzz|test_support|librdkafka\/test|node\/binding\.)/.test(file)

/** By the names of their tarballs. */
const PACKAGES = {
  tidemark: {
    copied: same('LICENSE', 'README.md', ...manifest.files),
    manifest: () => ({
      ...pick('name', 'version', 'description', 'license', 'author', 'keywords', 'type'),
      ...pick('engines', 'os', 'main', 'types', 'exports', 'typesVersions', 'files'),
      ...pick('peerDependencies'),
      optionalDependencies: Object.fromEntries(
        PLATFORM_PACKAGES.map((name) => [name, manifest.version]),
      ),
    }),
  },
  build: {
    copied: [
      ...same('LICENSE', 'THIRD-PARTY-NOTICES.md', 'native'),
      ['native/from-source/README.md', 'README.md'],
    ],
    manifest: () => ({
      name: '@tidemark/build',
      ...pick('version', 'license', 'author', 'engines', 'os'),
      description: 'Compiles the addon of tidemark from source',
      bin: { 'tidemark-build': 'native/from-source/main.mjs' },
      dependencies: Object.fromEntries(
        ['node-addon-api', 'node-api-headers'].map((name) => [
          name,
          manifest.devDependencies[name],
        ]),
      ),
    }),
  },
}

function pack(name) {
  const { copied, manifest } = PACKAGES[name]
  const stage = join(folder, name)
  rmSync(stage, { recursive: true, force: true })
  for (const [from, to] of copied) {
    mkdirSync(dirname(join(stage, to)), { recursive: true })
    cpSync(join(root, from), join(stage, to), { recursive: true, filter: isBuilt })
  }
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
      ...{ cwd: stage, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    }),
  )
  const tarball = join(folder, `${name}.tgz`)
  renameSync(join(folder, filename), tarball)
  return tarball
}

/** Packs both. Returns where the tarballs are, by name. */
export const packAll = () =>
  Object.fromEntries(Object.keys(PACKAGES).map((name) => [name, pack(name)]))

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const tarball of Object.values(packAll())) console.log(tarball)
}
