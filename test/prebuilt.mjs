// Prebuilt: this machine's binary of `npm run prebuild`, below the tests that show what is in it.
//
//   npm run test:prebuilt [-- part…]      the parts below; all, if none is given
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packagesDirectory } from '../prebuild/paths.mjs'
import { hostTarget } from '../prebuild/targets.mjs'
import { brokers } from './steps/brokers.mjs'
import { sum } from './steps/googletest.mjs'
import { runJest } from './steps/jest.mjs'
import { kafka } from './steps/kafka.mjs'
import { withAddon } from './support/use-addon.mjs'

/** @type {Record<string, (env: Record<string, string>) => Promise<import('./run.mjs').Counts>>} */
const PARTS = {
  // On the mock cluster, in worker threads, in processes that end.
  mock: async (env) =>
    runJest('prebuilt', ['--selectProjects', 'behaviour', 'lifecycle', '--maxWorkers', '2'], env),
  // Every codec, as Kafka and Java write it.
  kafka: (env) => kafka(env),
  // TLS, mutual TLS, PLAIN, SCRAM and OAUTHBEARER.
  security: (env) => brokers(['access', 'mutual-tls'], env),
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) throw new Error(`no part ${unknown}; there are ${Object.keys(PARTS)}`)
const addon = join(packagesDirectory, hostTarget(), 'tidemark.node')
if (!existsSync(addon)) throw new Error(`no ${addon}: run \`npm run prebuild\``)

const all = []
for (const name of named.length > 0 ? named : Object.keys(PARTS)) {
  console.log(`\n=== ${name}`)
  all.push(await withAddon(addon, PARTS[name]))
}
const { passed, failed, skipped } = sum(all)
for (const reason of all.flatMap(({ leftOut = [] }) => leftOut)) console.log(`left out: ${reason}`)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed > 0 ? 1 : 0
