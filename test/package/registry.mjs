// Registry: what is packed, as if it were published. It serves a few tarballs, and refers to the real
// registry for all else.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

export const manifestOf = (tarball) =>
  JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }))

/** What a registry says of a package with one version. */
function packument(tarball, manifest, url) {
  const { name, version } = manifest
  const hash = (algorithm, encoding) =>
    createHash(algorithm).update(readFileSync(tarball)).digest(encoding)
  const dist = {
    tarball: `${url}${name}/-/${name.split('/').at(-1)}-${version}.tgz`,
    shasum: hash('sha1', 'hex'),
    integrity: `sha512-${hash('sha512', 'base64')}`,
  }
  return {
    ...{ name, 'dist-tags': { latest: version } },
    // Of old: some managers wait a day before they take a version.
    time: { [version]: new Date(0).toISOString() },
    versions: { [version]: { ...manifest, dist } },
  }
}

/** Serves `tarballs`. Returns its address and how to end it. */
export async function startRegistry(tarballs, upstream) {
  const packages = new Map()
  for (const tarball of tarballs) {
    const manifest = manifestOf(tarball)
    packages.set(manifest.name, { tarball, manifest })
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url.slice(1))
    const [name, file] = path.split('/-/')
    const found = packages.get(name)
    if (!found) {
      response.writeHead(302, { location: new URL(request.url.slice(1), upstream).href }).end()
      return
    }
    const body = file
      ? readFileSync(found.tarball)
      : JSON.stringify(packument(found.tarball, found.manifest, url))
    const type = file ? 'application/octet-stream' : 'application/json'
    // What is packed anew has the same name.
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}/`
  return { url, close: () => server.close() }
}
