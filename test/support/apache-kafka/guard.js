import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Reads '+ pid' and '- pid' until its standard input closes, which happens when this process is
 * gone, however it ended; then it ends what still runs and removes the folder.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids=' '
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
for pid in $pids; do kill -9 "$pid"; done
rm -rf "$0" || rm -rf "$0"
`

/** A shell beside this process that tidies up when this process can no longer do it. */
export class Guard {
  #shell
  /** @type {import('node:net').Socket} */
  #input

  /** @param {string} folder is removed in the end */
  constructor(folder) {
    this.#shell = spawn('sh', ['-c', SCRIPT, folder], { stdio: ['pipe', 'ignore', 'ignore'] })
    this.#input = /** @type {any} */ (this.#shell.stdin)
    this.#shell.unref()
    this.#input.unref()
  }

  /** @param {number} pid */
  watch(pid) {
    this.#input.write(`+ ${pid}\n`)
  }

  /** @param {number} pid of a process that has ended: another may get its number */
  forget(pid) {
    this.#input.write(`- ${pid}\n`)
  }

  /** Ends what is watched, and removes the folder. */
  async end() {
    if (this.#shell.exitCode !== null) return
    this.#shell.ref()
    const exited = once(this.#shell, 'exit')
    this.#input.end()
    await exited
  }
}
