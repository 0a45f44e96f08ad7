#!/usr/bin/env node
// Package test: packs the project, installs the tarball into an empty project, which builds librdkafka
// and the addon there from source, and uses it as its users do.
//
//   node test/package/run.mjs [--keep]     --keep leaves the empty project where it is
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The empty project. */
let project = ''
const installed = () => join(project, 'node_modules/tidemark')
const versionOf = (name) =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version

function run(command, args, cwd = project) {
  // What npm tells to the scripts that it runs is not for the npm that we run.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(?!config_(cache|registry|nodedir))/.test(name),
    ),
  )
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    ...{ cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 },
  })
  assert.equal(
    status,
    0,
    `${[command, ...args].join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`,
  )
  return stdout
}

const STEPS = {
  'packs what is needed to build and to use it, and nothing else'() {
    run('npm', ['pack', '--silent', '--pack-destination', project], root)
    const [tarball] = readdirSync(project)
    const files = run('tar', ['-tzf', tarball]).trim().split('\n')
    const has = (name) => assert(files.includes(`package/${name}`), `${name} is not packed`)
    for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.md']) has(name)
    for (const name of ['binding.gyp', 'native/install.mjs', 'native/binding.cjs']) has(name)
    for (const name of ['index.js', 'index.d.ts', 'testing/index.js', 'testing/index.d.ts']) {
      has(`dist/esm/${name}`)
      has(`dist/cjs/${name}`)
    }
    for (const name of [
      'LICENSES.txt',
      'configure',
      'src/rdkafka_record_batch.c',
      'src/rdkafka_record_batch_fetch.c',
      'mklove/Makefile.base',
    ]) {
      has(`native/librdkafka/source/${name}`)
    }
    // What a page of the documentation shows is there, too.
    for (const name of readdirSync(join(root, 'docs/pictures'))) has(`docs/pictures/${name}`)
    const strange = files.filter((file) =>
      /(_test\.cc|\.test\.ts|\/\.tidemark|\/test_support\/|\.o|\.node|\.log)$|\/build\/|node_modules|\/bench\//.test(
        file,
      ),
    )
    assert.deepEqual(strange, [])
  },

  'installs into an empty project, and builds there'() {
    const [tarball] = readdirSync(project)
    writeFileSync(join(project, 'package.json'), '{ "private": true }')
    run('npm', [
      ...['install', '--ignore-scripts=false', '--prefer-offline', '--no-audit', '--no-fund'],
      ...[`./${tarball}`, `apache-arrow@${versionOf('apache-arrow')}`],
    ])
    assert(existsSync(join(installed(), 'build/Release/tidemark.node')))
  },

  'carries no path of the machine that packed it'() {
    const places = [resolve(root), ...(homedir() === '/root' ? [] : [homedir()])]
    for (const entry of readdirSync(installed(), {
      recursive: true,
      withFileTypes: true,
    })) {
      const file = join(entry.parentPath ?? entry.path, entry.name)
      if (!entry.isFile() || file.startsWith(join(installed(), 'build'))) continue
      const text = readFileSync(file, 'latin1')
      for (const place of places) assert(!text.includes(place), `${file} says ${place}`)
    }
  },

  'runs the quick start by import'() {
    copyFileSync(join(root, 'build/examples/quick-start.js'), join(project, 'quick-start.mjs'))
    assert.match(run('node', ['quick-start.mjs']), /replayed 2000 rows[\s\S]*live: 1 row/)
  },

  'runs the quick start by require'() {
    const imported = readFileSync(join(project, 'quick-start.mjs'), 'utf8')
    const required = imported.replace(/^import (\{.*\}) from ('.*');?$/gm, 'const $1 = require($2)')
    assert(!/^import /m.test(required) && required !== imported)
    writeFileSync(join(project, 'quick-start.cjs'), `(async () => {\n${required}\n})()\n`)
    assert.match(run('node', ['quick-start.cjs']), /replayed 2000 rows[\s\S]*live: 1 row/)
  },

  "gives batches of the user's own apache-arrow, by import and by require"() {
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
    writeFileSync(
      join(project, 'table.mjs'),
      `import * as arrow from 'apache-arrow'
       import { ConsumerManager, SourceTopic } from 'tidemark'
       import { MockCluster } from 'tidemark/testing'
       ${body}`,
    )
    writeFileSync(
      join(project, 'table.cjs'),
      `const arrow = require('apache-arrow')
       const { ConsumerManager, SourceTopic } = require('tidemark')
       const { MockCluster } = require('tidemark/testing')
       ${body}`,
    )
    assert.equal(run('node', ['table.mjs']), expected)
    assert.equal(run('node', ['table.cjs']), expected)
  },

  'resolves its types in a strict program, whatever the module resolution'() {
    run('npm', [
      ...['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
      ...['typescript', '@types/node'].map((name) => `${name}@${versionOf(name)}`),
    ])
    // Twice: as an ES module and as CommonJS.
    mkdirSync(join(project, 'types'))
    for (const extension of ['mts', 'cts']) {
      copyFileSync(
        join(root, 'test/package/consumer.ts'),
        join(project, `types/consumer.${extension}`),
      )
    }
    const resolutions = {
      nodenext: 'nodenext',
      node16: 'node16',
      bundler: 'esnext',
      node10: 'commonjs',
    }
    for (const [moduleResolution, module] of Object.entries(resolutions)) {
      const compilerOptions = {
        ...{
          module,
          moduleResolution,
          target: 'es2022',
          lib: ['es2023'],
          types: ['node'],
        },
        ...{
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          skipLibCheck: true,
        },
      }
      writeFileSync(
        join(project, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, include: ['types'] }),
      )
      run('node', ['node_modules/typescript/bin/tsc', '-p', '.'])
    }
  },

  'works with every major version of apache-arrow that it takes'() {
    const { peerDependencies } = JSON.parse(readFileSync(join(installed(), 'package.json'), 'utf8'))
    const [oldest, beyond] = peerDependencies['apache-arrow'].match(/\d+/g).map(Number)
    for (let major = oldest; major < beyond; major++) {
      run('npm', [
        ...['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
        `apache-arrow@${major}.0.0`,
      ])
      for (const extension of ['mjs', 'cjs']) {
        run('node', [`quick-start.${extension}`])
        assert.match(run('node', [`table.${extension}`]), / true\n$/, `apache-arrow ${major}`)
      }
    }
  },
}

/** Runs the steps, each of which needs those before it. Returns its counts. */
export function testPackage({ keep = false } = {}) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  project = mkdtempSync(join(tmpdir(), 'tidemark-package-'))
  try {
    for (const [name, step] of Object.entries(STEPS)) {
      const started = performance.now()
      step()
      counts.passed++
      console.log(`ok   ${name} (${((performance.now() - started) / 1e3).toFixed(1)} s)`)
    }
  } catch (error) {
    console.error(`FAIL ${error.message}`)
    counts.failed = 1
    counts.skipped = Object.keys(STEPS).length - counts.passed - 1
  } finally {
    if (keep) console.log(`kept ${project}`)
    else rmSync(project, { recursive: true, force: true })
  }
  return counts
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = testPackage({ keep: process.argv.includes('--keep') })
  process.exitCode = failed
}
