import type { HostileBroker } from './broker.js'
import { BytesWriter } from './bytes.js'
import { APIS, type ApiName, type Request } from './request.js'

const UNSUPPORTED_VERSION = 35

export function answerApiVersions(request: Request, broker: HostileBroker): BytesWriter {
  const known = request.version <= APIS.apiVersions.to
  const to = known ? request.response() : new BytesWriter()
  to.int16(known ? 0 : UNSUPPORTED_VERSION)
  to.array(Object.keys(APIS) as ApiName[], (name) => {
    const { key, from, to: newest } = APIS[name]
    to.int16(key)
      .int16(from)
      .int16(Math.min(newest, broker.newestVersions[name] ?? newest))
      .tags()
  })
  if (known && request.version >= 1) to.int32(0)
  return known ? to.tags() : to
}
