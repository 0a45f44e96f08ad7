import type { HostileBroker } from './broker.js'
import type { BytesWriter } from './bytes.js'
import { ErrorCode } from './error-code.js'
import type { HostileLog } from './log.js'
import type { Request } from './request.js'

const LATEST = -1
const EARLIEST = -2
const UNKNOWN = -1

export function answerListOffsets(request: Request, broker: HostileBroker): BytesWriter {
  const { version, body } = request
  body.int32() // replica
  const readCommitted = version >= 2 && body.int8() === 1
  const topics = body.array(() => {
    const name = body.string()
    const partitions = body.array(() => {
      const partition = body.int32()
      const leaderEpoch = version >= 4 ? body.int32() : UNKNOWN
      const timestamp = body.int64()
      body.tags()
      return { partition, leaderEpoch, timestamp }
    })
    body.tags()
    return { name, partitions: partitions ?? [] }
  })
  const to = request.response()
  if (version >= 2) to.int32(0) // throttle time
  to.array(topics ?? [], ({ name, partitions }) => {
    to.string(name)
    to.array(partitions, ({ partition, leaderEpoch, timestamp }) => {
      const log = broker.topics.get(name)?.partitions[partition]
      const { errorCode, offset } = lookUp(log, leaderEpoch, timestamp, readCommitted)
      to.int32(partition).int16(errorCode).int64(-1).int64(offset)
      if (version >= 4) to.int32(log?.leaderEpoch ?? -1)
      to.tags()
    })
    to.tags()
  })
  return to.tags()
}

function lookUp(
  log: HostileLog | undefined,
  leaderEpoch: number,
  timestamp: number,
  readCommitted: boolean,
) {
  if (!log) return { errorCode: ErrorCode.unknownTopicOrPartition, offset: -1 }
  if (leaderEpoch !== UNKNOWN && leaderEpoch !== log.leaderEpoch) {
    const isOld = leaderEpoch < log.leaderEpoch
    return {
      errorCode: isOld ? ErrorCode.fencedLeaderEpoch : ErrorCode.unknownLeaderEpoch,
      offset: -1,
    }
  }
  const end = (readCommitted ? log.lastStableOffset : null) ?? log.endOffset
  if (timestamp === LATEST) return { errorCode: ErrorCode.none, offset: end }
  if (timestamp === EARLIEST) return { errorCode: ErrorCode.none, offset: log.startOffset }
  if (log.offsetOfTime) return { errorCode: ErrorCode.none, offset: log.offsetOfTime(timestamp) }
  return { errorCode: ErrorCode.unsupportedForMessageFormat, offset: -1 }
}
