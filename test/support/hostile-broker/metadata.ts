import type { HostileBroker } from './broker.js'
import type { BytesWriter } from './bytes.js'
import { ErrorCode } from './error-code.js'
import type { Request } from './request.js'
import type { HostileTopic } from './topic.js'

const NO_ID = Buffer.alloc(16)
const NONE = -1
const NOT_ASKED_FOR = -2_147_483_648

interface Asked {
  name: string
  topic: HostileTopic | undefined
}

export function answerMetadata(request: Request, broker: HostileBroker): BytesWriter {
  const { version } = request
  const to = request.response()
  if (version >= 3) to.int32(0) // throttle time
  to.array(broker.cluster, ({ id, advertised: { host, port } }) => {
    to.int32(id).string(host).int32(port)
    if (version >= 1) to.string(null) // rack
    to.tags()
  })
  if (version >= 2) to.string('hostile')
  if (version >= 1) to.int32(1) // controller
  to.array(topicsAskedFor(request, broker), (asked) => writeTopic(to, version, asked))
  if (version >= 8 && version <= 10) to.int32(NOT_ASKED_FOR)
  return to.tags()
}

function topicsAskedFor({ version, body }: Request, broker: HostileBroker): Asked[] {
  const asked = body.array(() => {
    const id = version >= 10 ? body.raw(16) : NO_ID
    const name = body.string()
    body.tags()
    const topic = name === '' ? broker.topicOfId(id) : broker.topics.get(name)
    return { name: topic?.name ?? name, topic }
  })
  return asked ?? [...broker.topics.values()].map((topic) => ({ name: topic.name, topic }))
}

function writeTopic(to: BytesWriter, version: number, { name, topic }: Asked): void {
  to.int16(topic ? ErrorCode.none : ErrorCode.unknownTopicOrPartition).string(name)
  if (version >= 10) to.raw(topic?.id ?? NO_ID)
  if (version >= 1) to.boolean(false) // internal
  to.array([...(topic?.partitions ?? []).entries()], ([index, { leader, leaderEpoch }]) => {
    to.int16(leader === NONE ? ErrorCode.leaderNotAvailable : ErrorCode.none)
    to.int32(index).int32(leader)
    if (version >= 7) to.int32(leaderEpoch)
    for (const replicas of ['all', 'in sync']) to.array([replicas], () => to.int32(leader))
    if (version >= 5) to.array([], () => undefined) // offline
    to.tags()
  })
  if (version >= 8) to.int32(NOT_ASKED_FOR)
  to.tags()
}
