// Tools: what the tests of the packages take beside what a clone has, kept in build/package-tools.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../steps/command.mjs'

const npm = (cwd, ...args) =>
  execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  })

/** Installs what tools/package.json names, unless it is there. Returns the folder. */
export function installTools() {
  const folder = join(root, 'build/package-tools')
  const from = join(root, 'test/package/tools')
  const lock = readFileSync(join(from, 'package-lock.json'), 'utf8')
  const stamp = join(folder, 'installed')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    rmSync(stamp, { force: true })
    mkdirSync(folder, { recursive: true })
    for (const name of ['package.json', 'package-lock.json']) {
      cpSync(join(from, name), join(folder, name))
    }
    npm(folder, 'ci', '--prefer-offline')
    writeFileSync(stamp, lock)
  }
  return folder
}

/** A file of them, installed. */
export const tool = (name) => join(installTools(), 'node_modules', name)

/** The folder `node_modules` with that package, installed unless it is there. */
export function installPackage(name, version) {
  const folder = join(root, 'build/package-tools', `${name.replaceAll('/', '-')}-${version}`)
  const modules = join(folder, 'node_modules')
  if (!existsSync(join(modules, name))) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    npm(folder, 'install', '--prefer-offline', `${name}@${version}`)
  }
  return modules
}

/** The program of a Node of that version. */
export function installNode(version) {
  const name = `node-${process.platform}-${process.arch}`
  return join(installPackage(name, version), name, 'bin/node')
}
