import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { log } from '../log.mjs'

const SCRIPTS = fileURLToPath(new URL('../python', import.meta.url))
const ENVIRONMENT = fileURLToPath(new URL('../../build/bench/python', import.meta.url))
const PYTHON = join(ENVIRONMENT, 'bin/python')

const run = (file, args) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** A contender from PyPI: bench/python/<name>_reader.py, in a virtual environment below build. */
export function pythonContender(name, wanted, gives) {
  const requirement = `${name}==${wanted}`
  const version = () =>
    run(PYTHON, ['-c', `from importlib.metadata import version; print(version('${name}'))`]).trim()
  const isThere = () => {
    try {
      return version() === wanted
    } catch {
      return false
    }
  }
  return {
    name,
    kind: 'python',
    gives,
    prepare() {
      if (isThere()) return
      log(`installing ${requirement}`)
      try {
        if (!existsSync(PYTHON)) {
          mkdirSync(ENVIRONMENT, { recursive: true })
          run('python3', ['-m', 'venv', ENVIRONMENT])
        }
        run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', requirement])
      } catch (error) {
        const reason = String(error.stderr || error.message)
          .trim()
          .split('\n')
          .at(-1)
        throw new Error(
          `pip install ${requirement} failed (${reason}). It needs Python 3.10 or newer with venv, ` +
            'for example: apt-get install -y python3-venv',
        )
      }
    },
    version,
    command: (settings) => ({
      file: PYTHON,
      args: [join(SCRIPTS, `${name}_reader.py`), JSON.stringify(settings)],
    }),
  }
}
