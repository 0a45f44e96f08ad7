// Project: a folder in which tidemark is installed and used as its users do.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What npm tells to the scripts that it runs is not for what we run. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(cache|registry|nodedir))/.test(name),
  ),
)

export class Project {
  /** @param parent where to make its folder; files of `node_modules` above it are found */
  constructor(parent = tmpdir()) {
    mkdirSync(parent, { recursive: true })
    this.folder = mkdtempSync(join(parent, 'tidemark-package-'))
  }

  path = (...names) => join(this.folder, ...names)

  write(name, text) {
    mkdirSync(join(this.path(name), '..'), { recursive: true })
    writeFileSync(this.path(name), typeof text === 'string' ? text : JSON.stringify(text, null, 2))
  }

  /** Runs a command to its end. Throws with its output unless it ends well. */
  async run(command, args, { env = {}, cwd = this.folder, fails = false } = {}) {
    const options = { cwd, env: { ...ENVIRONMENT, ...env }, maxBuffer: 1 << 28 }
    const { error, stdout, stderr } = await new Promise((resolve) => {
      execFile(command, args, options, (error, stdout, stderr) => {
        resolve({ error, stdout, stderr })
      })
    })
    if (Boolean(error) !== fails) {
      const words = [command, ...args].join(' ')
      throw new Error(`${words}: ${error ? 'failed' : 'succeeded'}\n${stdout}${stderr}`)
    }
    return { stdout, stderr }
  }

  /** The bytes on the disk below a path of it. */
  sizeOf(name = 'node_modules') {
    let bytes = 0
    for (const entry of readdirSync(this.path(name), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) bytes += statSync(join(entry.parentPath ?? entry.path, entry.name)).size
    }
    return bytes
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
