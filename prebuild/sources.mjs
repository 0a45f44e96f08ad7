// Sources: what is built that is not in this repository or its npm packages, and with what. Fetched
// by pip and cargo, from wherever they are configured to look, and compared with what is pinned here.
//
// To upgrade: set the version, run `npm run prebuild`, and compare the checksum that the error names
// with the one that the registry shows.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { buildDirectory } from './paths.mjs'
import { log } from './stage.mjs'

/** The compiler: a wheel for each kind of machine that can build. */
const ZIG = {
  name: 'ziglang',
  version: '0.15.2',
  sha256: {
    'linux-x64': '806316453d1ede7174ed3fefb8e5348154629089c3bb5fe812dfd0e172fac130',
    'linux-arm64': 'edc0aa60ec964a4cf462d40f68d7de242ddf37fd9a80f2afaee6397059463230',
    'darwin-arm64': 'acae2a9ce67ed249ad68d42c21bc73b5f9d51a33ba5ea42f609f78683e8d9bb7',
    'darwin-x64': '47af4f85e3e59bd672126cc026d3a01b516cad24b9a9ea075abfe8532f4c6bc1',
  },
}

/** Libraries, out of crates that carry their source. `directory` is where in the crate. */
export const LIBRARIES = {
  // 3.6: of the two lines of OpenSSL 3 in the registry the one that gets fixes; 3.5 has stopped there.
  openssl: {
    name: 'openssl-src',
    crate: '300.6.1+3.6.3',
    version: '3.6.3',
    sha256: '46eb8fb9fb3b61ce1c0f8a026c4c1a0714d3a9e138e7fbde78753ce2babc3846',
    directory: 'openssl',
  },
  zstd: {
    name: 'zstd-sys',
    crate: '2.1.3+zstd.1.5.7',
    version: '1.5.7',
    sha256: 'f729a06d0257428fd9d997ac8db7e1407bd0262ab016b085b36bc52957c0052d',
    directory: 'zstd',
  },
  zlib: {
    name: 'libz-sys',
    crate: '1.1.33',
    version: '1.4',
    sha256: 'fee3f59f4321dab0c78d828942e7aa09d0bd8ad6e78a501977e6bf3d02938045',
    directory: 'src/zlib',
  },
}

const sourcesDirectory = join(buildDirectory, 'sources')

function verify(file, expected) {
  const found = createHash('sha256').update(readFileSync(file)).digest('hex')
  if (found === expected) return
  throw new Error(`prebuild: ${file} has the SHA-256 ${found}, but ${expected} is pinned`)
}

/** Unpacks by `unpack(into)` to `directory`, at once or not at all. */
function unpackTo(directory, unpack) {
  const half = `${directory}.${process.pid}`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true })
  unpack(half)
  renameSync(half, directory)
}

/** The directory of zig, with its program and its libraries. */
export function fetchZig() {
  const { name, version, sha256 } = ZIG
  const host = `${process.platform}-${process.arch}`
  const expected = sha256[host]
  if (!expected) throw new Error(`prebuild: no zig is pinned for ${host}, see prebuild/sources.mjs`)
  const directory = join(sourcesDirectory, `${name}-${version}-${host}`)
  if (!existsSync(directory)) {
    log(`fetching ${name} ${version} (pip)`)
    const download = join(sourcesDirectory, 'pip')
    rmSync(download, { recursive: true, force: true })
    mkdirSync(download, { recursive: true })
    execFileSync('pip', [
      ...['download', '--quiet', '--no-deps', '--only-binary', ':all:', '--dest', download],
      `${name}==${version}`,
    ])
    const [wheel] = readdirSync(download)
    verify(join(download, wheel), expected)
    unpackTo(directory, (into) => {
      execFileSync('python3', ['-m', 'zipfile', '--extract', join(download, wheel), into])
      chmodSync(join(into, 'ziglang/zig'), 0o755)
    })
    rmSync(download, { recursive: true })
  }
  return join(directory, 'ziglang')
}

/** Has cargo bring the crates of all libraries. Cargo builds nothing of them. */
function fetchCrates() {
  log('fetching OpenSSL, zstd and zlib (cargo)')
  const project = join(sourcesDirectory, 'cargo')
  mkdirSync(join(project, 'src'), { recursive: true })
  writeFileSync(join(project, 'src/lib.rs'), '')
  const dependencies = Object.values(LIBRARIES).map(({ name, crate }) => `${name} = "=${crate}"`)
  const head =
    '[package]\nname = "sources"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n'
  writeFileSync(join(project, 'Cargo.toml'), `${head}${dependencies.join('\n')}\n`)
  execFileSync('cargo', ['fetch', '--quiet', '--manifest-path', join(project, 'Cargo.toml')])
}

/** The crate's file as cargo keeps it, or undefined. */
function findCrate({ name, crate }) {
  const cache = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry/cache')
  const registries = existsSync(cache) ? readdirSync(cache) : []
  const files = registries.map((registry) => join(cache, registry, `${name}-${crate}.crate`))
  return files.find((file) => existsSync(file))
}

/** The directory of a library's source. */
export function fetchLibrary(library) {
  const { name, crate, sha256, directory } = LIBRARIES[library]
  const unpacked = join(sourcesDirectory, `${name}-${crate}`)
  if (!existsSync(unpacked)) {
    if (!findCrate(LIBRARIES[library])) fetchCrates()
    const file = findCrate(LIBRARIES[library])
    if (!file) throw new Error(`prebuild: cargo has fetched no ${name}-${crate}.crate`)
    verify(file, sha256)
    unpackTo(unpacked, (into) =>
      execFileSync('tar', ['-xzf', file, '-C', into, '--strip-components=1']),
    )
  }
  return join(unpacked, directory)
}

/** What the packages were made with, for who asks afterwards. */
export const ZIG_VERSION = ZIG.version
