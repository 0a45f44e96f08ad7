import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs a command in the project's root, its output shown. True when it succeeded. */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error) throw error
  return status === 0
}

/** Runs a package's command with this Node, whatever `npx` would find. */
export const runNode = (script, args, env) => run(process.execPath, [script, ...args], env)
