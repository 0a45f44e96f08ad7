import { once } from 'node:events'
import { connect } from 'node:net'
import { BytesReader, BytesWriter } from './hostile-broker/bytes.js'

const ALTER_CLIENT_QUOTAS = 49

/** Allows a client that calls itself `clientId` so many bytes a second from each broker. */
export async function setConsumerByteRate(
  bootstrapServers: string,
  clientId: string,
  bytesPerSecond: number,
): Promise<void> {
  const rate = Buffer.alloc(8)
  rate.writeDoubleBE(bytesPerSecond)
  const request = new BytesWriter()
  request.int16(ALTER_CLIENT_QUOTAS).int16(0).int32(1).string('quota') // v0, correlation id 1
  request.array([clientId], (name) => {
    request.array(['client-id'], (type) => request.string(type).string(name))
    request.array(['consumer_byte_rate'], (key) => request.string(key).raw(rate).boolean(false))
  })
  request.boolean(false) // do not only validate
  const bytes = request.finish()
  const response = await ask(
    bootstrapServers,
    new BytesWriter().int32(bytes.length).raw(bytes).finish(),
  )
  response.raw(4 + 4 + 4) // size, correlation id, throttle time
  const [error] = response.array(() => response.int16()) ?? []
  if (error !== 0) throw new Error(`the quota was refused: error ${error}`)
}

async function ask(bootstrapServers: string, request: Buffer): Promise<BytesReader> {
  const [host = '', port] = bootstrapServers.split(/[:,]/)
  const socket = connect(Number(port), host)
  try {
    socket.write(request)
    let received = Buffer.alloc(0)
    while (received.length < 4 || received.length < 4 + received.readInt32BE()) {
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      received = Buffer.concat([received, bytes])
    }
    return new BytesReader(received)
  } finally {
    socket.destroy()
  }
}
