// Lock: one build at a time in one directory, also across processes (npm runs scripts in parallel).
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

const WAIT_MS = 100

function holderIsAlive(path) {
  let pid
  try {
    pid = Number(readFileSync(path, 'utf8'))
  } catch {
    return false
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Waits until this process alone holds the file `path`. Takes over a dead process's. Returns its release. */
export function lock(path) {
  // The pid is in the file before the file has its name, so no one ever reads half a lock.
  const mine = `${path}.${process.pid}`
  writeFileSync(mine, String(process.pid))
  for (;;) {
    try {
      linkSync(mine, path)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (holderIsAlive(path)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS)
    } else {
      // Of several that saw the dead holder, one gets to rename it.
      try {
        renameSync(path, `${mine}.dead`)
      } catch (error) {
        if (error.code !== 'ENOENT') throw error
      }
      rmSync(`${mine}.dead`, { force: true })
    }
  }
  rmSync(mine)
  return () => rmSync(path, { force: true })
}

/** Runs `body`, which is done when it returns, under the lock. */
export function withLock(path, body) {
  const release = lock(path)
  try {
    return body()
  } finally {
    release()
  }
}
