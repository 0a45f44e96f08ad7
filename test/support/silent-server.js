import { createServer } from 'node:net'

/**
 * A broker that never answers: takes connections on 127.0.0.1, and never says anything. It does not
 * keep the process alive.
 */
export async function listenInSilence() {
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    sockets.add(socket)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  server.unref()
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
