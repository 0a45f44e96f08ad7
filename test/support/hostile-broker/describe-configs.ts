import type { HostileBroker } from './broker.js'
import type { BytesWriter } from './bytes.js'
import { ErrorCode } from './error-code.js'
import type { Request } from './request.js'

const DEFAULT_CONFIG = 5

export function answerDescribeConfigs(request: Request, broker: HostileBroker): BytesWriter {
  const { version, body } = request
  const resources = body.array(() => {
    const type = body.int8()
    const name = body.string()
    body.array(() => body.string())
    return { type, name }
  })
  const to = request.response()
  to.int32(0) // throttle time
  return to.array(resources ?? [], ({ type, name }) => {
    const topic = broker.topics.get(name)
    to.int16(topic ? ErrorCode.none : ErrorCode.unknownTopicOrPartition).string(null)
    to.int8(type).string(name)
    to.array(topic ? [topic.cleanupPolicy] : [], (policy) => {
      to.string('cleanup.policy').string(policy)
      to.boolean(false).int8(DEFAULT_CONFIG).boolean(false) // read-only, source, sensitive
      to.array([], () => undefined) // synonyms
      if (version >= 3) to.int8(7).string(null) // type, documentation
    })
  })
}
