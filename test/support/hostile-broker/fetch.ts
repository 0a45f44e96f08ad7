import { setTimeout as sleep } from 'node:timers/promises'
import type { HostileBroker } from './broker.js'
import type { BytesReader, BytesWriter } from './bytes.js'
import { ErrorCode } from './error-code.js'
import type { FetchedLog, HostileLog } from './log.js'
import type { Request } from './request.js'
import type { HostileTopic } from './topic.js'

interface Asked {
  partition: number
  leaderEpoch: number
  offset: number
  maxBytes: number
}

interface AskedTopic {
  key: string | Buffer
  topic: HostileTopic | undefined
  partitions: Asked[]
}

const NOTHING: FetchedLog = {
  errorCode: ErrorCode.none,
  highWatermark: -1,
  lastStableOffset: -1,
  startOffset: -1,
  aborted: [],
  records: Buffer.alloc(0),
}

export async function answerFetch(request: Request, broker: HostileBroker): Promise<BytesWriter> {
  const { version, body } = request
  if (version < 15) body.int32() // replica
  const waitMs = body.int32()
  const deadline = Date.now() + waitMs
  body.int32() // least bytes
  const maxBytes = body.int32()
  const readCommitted = body.int8() === 1
  if (version >= 7) body.raw(8) // session
  const topics = readTopics(body, version, broker)
  const asked = topics.flatMap(({ partitions }) => partitions)
  broker.fetches.push({ partitions: asked.map(({ partition }) => partition), waitMs })
  const remote = await readRemote(topics, waitMs)
  for (;;) {
    let left = maxBytes
    const answers = topics.map(({ topic, partitions }) =>
      partitions.map((asked) => {
        const found = read(topic, version, asked, readCommitted, left, left === maxBytes)
        if (isRemote(topic, asked) && asked !== remote?.served) found.records = NOTHING.records
        left = Math.max(0, left - found.records.length)
        return found
      }),
    )
    const ready = answers.flat().some((found) => found.records.length > 0 || found.errorCode !== 0)
    if (!ready && !remote && Date.now() < deadline && (await broker.somethingNew(deadline)))
      continue
    for (const [i, { topic, partitions }] of topics.entries()) {
      for (const [k, { partition, offset, maxBytes }] of partitions.entries()) {
        const log = topic?.partitions[partition]
        log?.fetchedOffsets.push(offset)
        log?.fetchedBytes.push(maxBytes)
        log?.onFetch?.(offset, answers[i]?.[k] as FetchedLog)
      }
    }
    return write(request, topics, answers, broker.throttle())
  }
}

function isRemote(topic: HostileTopic | undefined, { partition, offset }: Asked): boolean {
  return offset < (topic?.partitions[partition]?.remoteBefore ?? 0)
}

/**
 * As a broker before Kafka 3.8 reads from remote storage: of one partition a fetch, the first; the fetch
 * is not answered before, and what is read for longer than the fetch may wait is interrupted.
 */
async function readRemote(topics: AskedTopic[], wait: number) {
  for (const { topic, partitions } of topics) {
    const asked = partitions.find((asked) => isRemote(topic, asked))
    const log = asked && topic?.partitions[asked.partition]
    if (!log) continue
    await sleep(Math.min(wait, log.remoteMs))
    if (wait >= log.remoteMs) return { served: asked }
    log.interruptedReads++
    return { served: null }
  }
  return null
}

function readTopics(body: BytesReader, version: number, broker: HostileBroker): AskedTopic[] {
  const topics = body.array(() => {
    const key = version >= 13 ? body.raw(16) : body.string()
    const topic = typeof key === 'string' ? broker.topics.get(key) : broker.topicOfId(key)
    const partitions = body.array(() => {
      const partition = body.int32()
      const leaderEpoch = version >= 9 ? body.int32() : -1
      const offset = body.int64()
      if (version >= 12) body.int32() // last epoch fetched
      if (version >= 5) body.int64() // a follower's start offset
      const maxBytes = body.int32()
      body.tags()
      return { partition, leaderEpoch, offset, maxBytes }
    })
    body.tags()
    return { key, topic, partitions: partitions ?? [] }
  })
  return topics ?? []
}

function read(
  topic: HostileTopic | undefined,
  version: number,
  { partition, leaderEpoch, offset, maxBytes }: Asked,
  readCommitted: boolean,
  left: number,
  isFirstOfResponse: boolean,
): FetchedLog {
  const log = topic?.partitions[partition]
  if (!log) {
    const unknown = version >= 13 ? ErrorCode.unknownTopicId : ErrorCode.unknownTopicOrPartition
    return { ...NOTHING, errorCode: unknown }
  }
  const found: FetchedLog = {
    ...NOTHING,
    errorCode: faultOf(log, leaderEpoch, offset),
    highWatermark: log.endOffset,
    lastStableOffset: log.lastStableOffset ?? log.endOffset,
    startOffset: log.startOffset,
  }
  if (found.errorCode !== ErrorCode.none) return found
  if (readCommitted) found.aborted = log.aborted
  const end = readCommitted ? found.lastStableOffset : found.highWatermark
  if (offset < end) found.records = log.read(offset, Math.min(maxBytes, left), isFirstOfResponse)
  return found
}

function faultOf(log: HostileLog, leaderEpoch: number, offset: number): number {
  if (leaderEpoch >= 0 && leaderEpoch < log.leaderEpoch) return ErrorCode.fencedLeaderEpoch
  if (leaderEpoch > log.leaderEpoch) return ErrorCode.unknownLeaderEpoch
  if (offset < log.startOffset || offset > log.endOffset) return ErrorCode.offsetOutOfRange
  return ErrorCode.none
}

function write(
  request: Request,
  topics: AskedTopic[],
  answers: FetchedLog[][],
  throttleMs: number,
): BytesWriter {
  const { version } = request
  const to = request.response()
  to.int32(throttleMs)
  if (version >= 7) to.int16(ErrorCode.none).int32(0) // session
  to.array([...topics.entries()], ([i, { key, partitions }]) => {
    if (typeof key === 'string') to.string(key)
    else to.raw(key)
    to.array([...partitions.entries()], ([k, { partition }]) => {
      const found = answers[i]?.[k] as FetchedLog
      to.int32(partition).int16(found.errorCode)
      to.int64(found.highWatermark).int64(found.lastStableOffset)
      if (version >= 5) to.int64(found.startOffset)
      to.array(found.aborted, ({ producerId, firstOffset }) => {
        to.int64(producerId).int64(firstOffset).tags()
      })
      if (version >= 11) to.int32(-1) // preferred replica
      to.bytes(found.records).tags()
    })
    to.tags()
  })
  return to.tags()
}
