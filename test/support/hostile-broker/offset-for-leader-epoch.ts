import type { HostileBroker } from './broker.js'
import type { BytesWriter } from './bytes.js'
import { ErrorCode } from './error-code.js'
import type { Request } from './request.js'

/** How a client learns that its log was truncated: the end of the leader epoch that it has read. */
export function answerOffsetForLeaderEpoch(request: Request, broker: HostileBroker): BytesWriter {
  const { version, body } = request
  if (version >= 3) body.int32() // replica
  const topics = body.array(() => {
    const name = body.string()
    const partitions = body.array(() => {
      const partition = body.int32()
      body.int32() // current leader epoch
      return { partition, leaderEpoch: body.int32() }
    })
    return { name, partitions: partitions ?? [] }
  })
  const to = request.response()
  to.int32(0) // throttle time
  return to.array(topics ?? [], ({ name, partitions }) => {
    to.string(name)
    to.array(partitions, ({ partition, leaderEpoch }) => {
      const log = broker.topics.get(name)?.partitions[partition]
      to.int16(log ? ErrorCode.none : ErrorCode.unknownTopicOrPartition)
      to.int32(partition).int32(leaderEpoch)
      to.int64(log?.epochEnds.get(leaderEpoch) ?? log?.endOffset ?? -1)
    })
  })
}
