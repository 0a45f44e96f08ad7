#!/usr/bin/env node
// Package test: packs what would be published, installs it into an empty project as its users do, and
// uses it there. test/install.mjs does so with other package managers, Nodes, compilers and bundlers.
//
//   node test/package/run.mjs [--keep]     --keep leaves the projects where they are
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PLATFORM_PACKAGES, targetOf } from '../../.ci/pack.mjs'
import { findingsOfPlatform } from '../../.ci/release-check.mjs'
import { root } from '../steps/command.mjs'
import { bundlersParent, tryBundler } from './bundlers.mjs'
import { HOST } from './platform-packages.mjs'
import { Project } from './project.mjs'
import { arrow, publish } from './published.mjs'
import { failQuickStart, runQuickStart, writeQuickStart } from './quick-start.mjs'
import { manifestOf } from './registry.mjs'
import { installNode, tool } from './tools.mjs'
import { checkTypes, typesOfNode } from './types.mjs'

const MB = 1e6
const INSTALL = ['install', '--prefer-offline', '--no-audit', '--no-fund']
/** The oldest that is supported, and the newest; the one that runs this is the third. */
const NODES = ['20.4.0', '26.12.1']

/** What the steps have made so far. */
const made = { published: undefined, project: undefined }
const projects = []

/** An empty project that gets what is packed from the registry of this test. */
function newProject(parent) {
  const project = new Project(parent)
  projects.push(project)
  project.write('package.json', { private: true })
  project.write('.npmrc', `@tidemark:registry=${made.published.own}\n`)
  return project
}

const ownPackages = () => [made.published.packed.tidemark, arrow]

function filesIn(tarball) {
  const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
  return listed.trim().split('\n')
}

const STEPS = {
  async 'packs what is needed to use it, and what is needed to build it, and nothing else'() {
    const manifest = readFileSync(join(root, 'package.json'), 'utf8')
    made.published = await publish()
    assert.equal(readFileSync(join(root, 'package.json'), 'utf8'), manifest)

    const { tidemark, build } = made.published.packed
    assert(statSync(tidemark).size < 0.5 * MB)
    const packed = manifestOf(tidemark)
    assert.deepEqual(
      packed.optionalDependencies,
      Object.fromEntries(PLATFORM_PACKAGES.map((name) => [name, packed.version])),
    )
    for (const name of ['scripts', 'dependencies', 'devDependencies', 'private']) {
      assert(!(name in packed), name)
    }
    const has = (tarball, names) => {
      const files = filesIn(tarball)
      const missing = names.filter((name) => !files.includes(`package/${name}`))
      assert.deepEqual(missing, [])
    }
    const always = ['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.md']
    has(tidemark, [
      ...[...always, 'CHANGELOG.md', 'dist/esm/binding.js', 'dist/cjs/binding.js'],
      ...['index.js', 'index.d.ts', 'testing/index.js', 'testing/index.d.ts'].flatMap((name) => [
        `dist/esm/${name}`,
        `dist/cjs/${name}`,
      ]),
      // What a page of the documentation shows is there, too.
      ...readdirSync(join(root, 'docs/pictures')).map((name) => `docs/pictures/${name}`),
    ])
    const source = ['LICENSES.txt', 'configure', 'mklove/Makefile.base', 'src/rdkafka.c']
    has(build, [
      ...always,
      ...source.map((name) => `native/librdkafka/source/${name}`),
      'native/librdkafka/source/src/rdkafka_record_batch_fetch.c',
    ])
    const strange =
      /(_test\.cc|\.test\.ts|\/\.tidemark|\/test_support\/|\.o|\.node|\.log)$|\/build\/|node_modules|\/bench\//
    for (const tarball of [tidemark, build]) {
      const found = filesIn(tarball).filter((file) => strange.test(file))
      assert.deepEqual(found, [])
    }
  },

  async 'refuses to release a package that does not say what is in it'() {
    for (const { name, tarball, isPrebuilt } of made.published.platforms) {
      const findings = findingsOfPlatform(name, tarball).join()
      if (isPrebuilt) assert.equal(findings, '', name)
      else assert.match(findings, /no THIRD-PARTY-NOTICES.md.*no sbom.cdx.json/)
    }
  },

  async 'installs into an empty project, without a script or a warning'() {
    made.project = newProject()
    const started = performance.now()
    const { stdout, stderr } = await made.project.run('npm', [...INSTALL, ...ownPackages()])
    const seconds = (performance.now() - started) / 1e3
    assert.doesNotMatch(stdout + stderr, /warn|script/i)
    const lock = JSON.parse(readFileSync(made.project.path('package-lock.json'), 'utf8'))
    const scripted = Object.entries(lock.packages).filter(([, each]) => each.hasInstallScript)
    assert.deepEqual(scripted, [])
    assert.deepEqual(readdirSync(made.project.path('node_modules/@tidemark')), [targetOf(HOST)])
    const bytes = made.project.sizeOf()
    assert(bytes < 25 * MB, `${bytes} bytes are installed`)
    console.log(`     ${seconds.toFixed(1)} s, ${(bytes / MB).toFixed(1)} MB`)
  },

  async 'carries no path of the machine that packed it'() {
    const places = [resolve(root), ...(homedir() === '/root' ? [] : [homedir()])]
    const folders = ['tidemark', '@tidemark'].map((name) => made.project.path('node_modules', name))
    for (const folder of folders) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue
        const file = join(entry.parentPath ?? entry.path, entry.name)
        const text = readFileSync(file, 'latin1')
        for (const place of places) assert(!text.includes(place), `${file} says ${place}`)
      }
    }
  },

  async 'runs the quick start by import and by require, in the oldest Node and the newest'() {
    writeQuickStart(made.project)
    for (const node of [process.execPath, ...NODES.map(installNode)]) {
      await runQuickStart(made.project, (file) => [node, file])
    }
  },

  async "gives batches of the user's own apache-arrow, by import and by require"() {
    const body = `
      const cluster = MockCluster.start()
      cluster.createTopic('t')
      const config = { 'bootstrap.servers': cluster.bootstrapServers }
      const columns = ['key', 'topic', 'partition', 'offset', 'timestamp', 'timestamp_type']
      const topics = [SourceTopic.fromEarliest('t')]
      ConsumerManager.create({ config, topics, columns }).then(async (manager) => {
        const table = new arrow.Table([await manager.poll(0), await manager.poll(0)])
        const parts = [...table.batches, manager.partitionState()].flatMap((batch) => [
          batch, batch.schema, batch.data, batch.data.type,
          ...batch.schema.fields.flatMap((field) => [field, field.type, batch.getChild(field.name)]),
        ])
        const isTheirs = (part) => part.constructor === arrow[part.constructor.name]
        console.log(table.schema.names.join(), parts.length, parts.every(isTheirs))
        await manager.close()
        await cluster.close()
      })`
    // Parts: of a batch four and three a column; two batches of 6 columns and one of 13.
    const expected = 'key,topic,partition,offset,timestamp,timestamp_type 87 true\n'
    made.project.write(
      'table.mjs',
      `import * as arrow from 'apache-arrow'
       import { ConsumerManager, SourceTopic } from 'tidemark'
       import { MockCluster } from 'tidemark/testing'
       ${body}`,
    )
    made.project.write(
      'table.cjs',
      `const arrow = require('apache-arrow')
       const { ConsumerManager, SourceTopic } = require('tidemark')
       const { MockCluster } = require('tidemark/testing')
       ${body}`,
    )
    for (const extension of ['mjs', 'cjs']) {
      const { stdout } = await made.project.run('node', [`table.${extension}`])
      assert.equal(stdout, expected)
    }
  },

  async 'resolves its types in a strict program'() {
    await made.project.run('npm', [...INSTALL, '--ignore-scripts', typesOfNode()])
    await checkTypes(made.project, 'TypeScript 5', 'nodenext')
    await checkTypes(made.project, 'TypeScript 7', 'bundler')
  },

  async 'satisfies attw and publint'() {
    const { tidemark } = made.published.packed
    const attw = tool('@arethetypeswrong/cli/dist/index.js')
    const types = await made.project.run('node', [attw, tidemark, '--format', 'ascii'])
    assert.match(types.stdout, /No problems found/)
    const publint = tool('publint/src/cli.js')
    const lint = await made.project.run('node', [publint, tidemark, '--strict'])
    assert.match(lint.stdout, /All good!/)
  },

  async 'is bundled by esbuild as examples/bundlers shows'() {
    const project = newProject(bundlersParent())
    await project.run('npm', [...INSTALL, ...ownPackages()])
    await tryBundler('esbuild', project, newProject())
  },

  async 'works with every major version of apache-arrow that it takes'() {
    const [oldest, beyond] = manifestOf(made.published.packed.tidemark)
      .peerDependencies['apache-arrow'].match(/\d+/g)
      .map(Number)
    for (let major = oldest; major < beyond; major++) {
      await made.project.run('npm', [...INSTALL, '--ignore-scripts', `apache-arrow@${major}.0.0`])
      await runQuickStart(made.project)
      for (const extension of ['mjs', 'cjs']) {
        const { stdout } = await made.project.run('node', [`table.${extension}`])
        assert.match(stdout, / true\n$/, `apache-arrow ${major}`)
      }
    }
  },

  async 'is built from source by the command that its error names, where no package fits'() {
    const project = newProject()
    writeQuickStart(project)
    await project.run('npm', [...INSTALL, '--omit=optional', ...ownPackages()])
    assert(!existsSync(project.path('node_modules', HOST)))
    const errors = await failQuickStart(project)
    for (const error of errors) {
      assert.match(error, new RegExp(`addon for ${process.platform} ${process.arch}`))
      assert(error.includes(`${HOST} is not installed`))
    }
    const [, command] = errors[0].match(/`(npx --yes @tidemark\/build@[^`]+)`/)

    const lacking = { CC: 'no-such-cc', CXX: 'no-such-c++' }
    // A cache of its own: npx keeps a package for as long as its version is the same.
    const env = { npm_config_cache: project.path('npm-cache') }
    const [program, ...args] = command.split(' ')
    const refused = await project.run(program, args, { env: { ...env, ...lacking }, fails: true })
    assert.match(refused.stderr, /lacks a C compiler \(no-such-cc\), a C\+\+17 compiler/)

    const temporary = project.path('temporary')
    mkdirSync(temporary)
    await project.run(program, args, { env: { ...env, TMPDIR: temporary } })
    assert.deepEqual(readdirSync(temporary), [])
    assert.deepEqual(readdirSync(project.path('node_modules/tidemark/build')), ['Release'])
    const bytes = project.sizeOf('node_modules/tidemark')
    assert(bytes < 30 * MB, `${bytes} bytes are left`)
    console.log(`     ${(bytes / MB).toFixed(1)} MB in node_modules/tidemark`)
    await runQuickStart(project)
  },
}

/** Runs the steps, each of which needs those before it. Returns its counts. */
export async function testPackage({ keep = false } = {}) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  try {
    for (const [name, step] of Object.entries(STEPS)) {
      const started = performance.now()
      await step()
      counts.passed++
      console.log(`ok   ${name} (${((performance.now() - started) / 1e3).toFixed(1)} s)`)
    }
  } catch (error) {
    console.error(`FAIL ${error.message}`)
    counts.failed = 1
    counts.skipped = Object.keys(STEPS).length - counts.passed - 1
  } finally {
    made.published?.close()
    for (const project of projects) {
      if (keep) console.log(`kept ${project.folder}`)
      else project.remove()
    }
  }
  return counts
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { failed } = await testPackage({ keep: process.argv.includes('--keep') })
  process.exitCode = failed
}
