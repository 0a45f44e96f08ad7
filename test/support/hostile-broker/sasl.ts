import type { HostileBroker } from './broker.js'
import type { BytesWriter } from './bytes.js'
import { ErrorCode } from './error-code.js'
import type { Request } from './request.js'

/** SASL with any user and password, or any token, as long as the broker lets clients in. */
export function answerSaslHandshake(request: Request): BytesWriter {
  const to = request.response()
  return to
    .int16(ErrorCode.none)
    .array(['PLAIN', 'OAUTHBEARER'], (mechanism) => to.string(mechanism))
}

export function answerSaslAuthenticate(request: Request, broker: HostileBroker): BytesWriter {
  const to = request.response()
  if (broker.isRefusing) to.int16(ErrorCode.saslAuthenticationFailed).string('you are refused')
  else to.int16(ErrorCode.none).string(null)
  to.bytes(Buffer.alloc(0))
  if (request.version >= 1) to.int64(0) // how long the session may last: for ever
  return to
}
