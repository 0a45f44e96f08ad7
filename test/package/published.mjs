// Published: everything that is packed, served by a registry of its own, as it would be once published.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll } from '../../.ci/pack.mjs'
import { root } from '../steps/command.mjs'
import { HOST, platformPackages } from './platform-packages.mjs'
import { startRegistry } from './registry.mjs'

const manifestAt = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
export const versionOf = (name) => manifestAt(join(root, 'node_modules', name)).version
export const arrow = `apache-arrow@${versionOf('apache-arrow')}`

/** Packs, and serves until `close`; `folder` is there as long. Says which binary of this machine it is. */
export async function publish() {
  const { version } = manifestAt(root)
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-platforms-'))
  const packed = packAll()
  const platforms = platformPackages(version, folder)
  const { isPrebuilt } = platforms.find(({ name }) => name === HOST)
  console.log(`     ${HOST} is ${isPrebuilt ? 'what npm run prebuild made' : 'a stand-in'}`)
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
  const tarballs = [...Object.values(packed), ...platforms.map(({ tarball }) => tarball)]
  const registry = await startRegistry(tarballs, upstream)
  return {
    ...{ version, packed, platforms, upstream, own: registry.url, folder },
    close() {
      registry.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
