// Fetch: other platforms' programs and libraries, by npm, pip and apt, from wherever they are
// configured to look. Nothing is installed: all is unpacked below build/platforms.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { root } from '../steps/command.mjs'

const directory = join(root, 'build/platforms')
/** Debian's release with musl 1.2.5: 1.2.3 crashes Node 24. */
const SUITE = 'trixie'

const run = (command, args, options = {}) =>
  execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', ...options })

/** The folder `name`, filled by `fill(folder)` if it was not before. */
function once(name, fill) {
  const folder = join(directory, name)
  if (existsSync(folder)) return folder
  const half = `${folder}.half`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true })
  fill(half)
  renameSync(half, folder)
  return folder
}

/** An npm package, its scripts not run. */
export const fromNpm = (name, version) =>
  once(`${name}-${version}`, (folder) => {
    run('npm', ['pack', '--silent', `${name}@${version}`], { cwd: folder })
    const [tarball] = readdirSync(folder)
    run('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: folder })
    rmSync(join(folder, tarball))
  })

/** A wheel for another platform. */
export const fromPypi = (name, version, platform) =>
  once(`${name}-${version}-${platform}`, (folder) => {
    const options = ['--quiet', '--no-deps', '--only-binary', ':all:', '--platform', platform]
    run('pip', ['download', ...options, '--dest', folder, `${name}==${version}`])
    const [wheel] = readdirSync(folder)
    run('python3', ['-m', 'zipfile', '--extract', wheel, '.'], { cwd: folder })
    rmSync(join(folder, wheel))
    // Python's zipfile forgets which files may be executed.
    run('find', ['.', '-path', '*/bin/*', '-exec', 'chmod', 'a+x', '{}', '+'], { cwd: folder })
  })

/** The machine's own list of Debian's servers, for SUITE. */
function debianSources() {
  const folder = '/etc/apt/sources.list.d'
  const files = existsSync(folder) ? readdirSync(folder) : []
  const stanzas = files
    .filter((file) => file.endsWith('.sources'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/\n\n+/))
    .filter((stanza) => /^URIs:.*\/debian\/?$/m.test(stanza))
  if (stanzas.length === 0) throw new Error('apt has no list of servers of Debian')
  return `${stanzas[0].replace(/^Suites:.*$/m, `Suites: ${SUITE}`)}\n`
}

/** apt with lists of its own, so that the machine's are as before. */
function apt() {
  const folder = once(`apt-${SUITE}`, (half) => {
    for (const name of ['lists/partial', 'cache/archives/partial']) {
      mkdirSync(join(half, name), { recursive: true })
    }
    writeFileSync(join(half, 'status'), '')
    writeFileSync(join(half, 'debian.sources'), debianSources())
  })
  const config = join(folder, 'apt.conf')
  writeFileSync(
    config,
    `Dir::State "${folder}";\nDir::State::status "${folder}/status";\nDir::Cache "${folder}/cache";
Dir::Etc::sourcelist "${folder}/debian.sources";\nDir::Etc::sourceparts "-";
APT::Architectures { "amd64"; "arm64"; };\nAPT::Sandbox::User "root";\n`,
  )
  const env = { ...process.env, APT_CONFIG: config }
  if (!existsSync(join(folder, 'updated'))) {
    run('apt-get', ['update', '--quiet'], { env })
    writeFileSync(join(folder, 'updated'), '')
  }
  return env
}

/** Packages of Debian's, as `musl:arm64`, together in one folder. */
export const fromDebian = (name, packages) =>
  once(name, (folder) => {
    run('apt-get', ['download', '--quiet', ...packages], { cwd: folder, env: apt() })
    for (const file of readdirSync(folder).filter((each) => each.endsWith('.deb'))) {
      run('dpkg-deb', ['--extract', file, '.'], { cwd: folder })
      rmSync(join(folder, file))
    }
    // A dynamic linker is called by its place in /lib, and is packed in /usr/lib.
    if (!existsSync(join(folder, 'lib'))) symlinkSync('usr/lib', join(folder, 'lib'))
  })
