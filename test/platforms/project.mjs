// Project: an empty one with tidemark, apache-arrow and one platform's package, as an installer lays
// them out, and with certificates. No script runs, and nothing is compiled.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packAll } from '../../.ci/pack.mjs'
import { tarballOf } from '../../prebuild/paths.mjs'
import { root } from '../steps/command.mjs'

const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: 'pipe' })

function makeCertificates(folder) {
  mkdirSync(folder)
  const make = (name, ...args) =>
    run(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
        ...['-keyout', `${name}.key`, '-out', `${name}.pem`, ...args],
      ],
      folder,
    )
  for (const name of ['authority', 'other-authority']) {
    make(name, '-addext', 'basicConstraints=critical,CA:TRUE')
  }
  const signed = ['-CA', 'authority.pem', '-CAkey', 'authority.key']
  make('broker', '-addext', 'subjectAltName=IP:127.0.0.1', ...signed)
}

/** A project without a platform's package. */
export function makeProject() {
  const project = mkdtempSync(join(tmpdir(), 'tidemark-platform-'))
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules/apache-arrow/package.json'), 'utf8'),
  )
  run(
    'npm',
    [
      ...['install', '--ignore-scripts', '--omit=optional', '--prefer-offline', '--no-audit'],
      ...['--no-fund', packAll().tidemark, `apache-arrow@${version}`],
    ],
    project,
  )
  makeCertificates(join(project, 'certificates'))
  cpSync(fileURLToPath(new URL('program.mjs', import.meta.url)), join(project, 'program.mjs'))
  return project
}

/** Puts the package of `target` there, and no other. */
export function placePackage(project, target) {
  const scope = join(project, 'node_modules/@tidemark')
  rmSync(scope, { recursive: true, force: true })
  const folder = join(scope, target)
  mkdirSync(folder, { recursive: true })
  run('tar', ['-xzf', tarballOf(target), '-C', folder, '--strip-components=1'])
}
