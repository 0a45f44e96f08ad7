import { BytesReader, BytesWriter } from './bytes.js'

/** What the broker can answer: the versions it offers, and from which one on they are flexible. */
export const APIS = {
  produce: { key: 0, from: 0, to: 8, flexibleFrom: 9 }, // for its version alone: it means format v2
  fetch: { key: 1, from: 4, to: 16, flexibleFrom: 12 },
  listOffsets: { key: 2, from: 1, to: 7, flexibleFrom: 6 },
  metadata: { key: 3, from: 0, to: 12, flexibleFrom: 9 },
  saslHandshake: { key: 17, from: 0, to: 1, flexibleFrom: 2 },
  apiVersions: { key: 18, from: 0, to: 3, flexibleFrom: 3 },
  offsetForLeaderEpoch: { key: 23, from: 2, to: 3, flexibleFrom: 4 },
  describeConfigs: { key: 32, from: 1, to: 3, flexibleFrom: 4 },
  saslAuthenticate: { key: 36, from: 0, to: 1, flexibleFrom: 2 },
} as const

export type ApiName = keyof typeof APIS

export interface Request {
  api: ApiName
  version: number
  body: BytesReader
  /** A response's body in the same version. */
  response(): BytesWriter
  /** With the header before it, ready to be sent. */
  frame(body: BytesWriter): Buffer
}

/** @param bytes a request without its size */
export function parseRequest(bytes: Buffer): Request {
  const header = new BytesReader(bytes)
  const key = header.int16()
  const version = header.int16()
  const correlationId = header.int32()
  header.string() // client id
  const api = (Object.keys(APIS) as ApiName[]).find((name) => APIS[name].key === key)
  if (!api) throw new Error(`the hostile broker has no answer to api key ${key}, v${version}`)
  const flexible = version >= APIS[api].flexibleFrom
  const body = header.fork(flexible)
  body.tags()
  return {
    api,
    version,
    body,
    response: () => new BytesWriter(flexible),
    frame(written) {
      // The answer to ApiVersions has the first header in every version: who asks knows none yet.
      const head = new BytesWriter(flexible && api !== 'apiVersions').int32(correlationId).tags()
      const content = Buffer.concat([head.finish(), written.finish()])
      return new BytesWriter().int32(content.length).raw(content).finish()
    },
  }
}
