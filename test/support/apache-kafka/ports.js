import { createServer } from 'node:net'

/**
 * Below what systems give to outgoing connections (Linux: from 32,768 on), so that a broker which
 * starts again finds its port free.
 */
const LOWEST = 20_000
const HIGHEST = 32_000

/** @param {number} count @returns {Promise<number[]>} so many ports of 127.0.0.1 that are free */
export async function freePorts(count) {
  /** @type {Set<number>} */
  const found = new Set()
  while (found.size < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) found.add(port)
  }
  return [...found]
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
