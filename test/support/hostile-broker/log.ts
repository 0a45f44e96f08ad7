import { encodeBatch, type HostileBatch } from './record-batch.js'

/** Bytes of the log, and the offsets that the broker believes them to cover. */
interface Chunk {
  firstOffset: number
  lastOffset: number
  bytes: Buffer
}

export interface AbortedTransaction {
  producerId: number
  firstOffset: number
}

/** What a fetch is answered with for one partition. */
export interface FetchedLog {
  errorCode: number
  highWatermark: number
  lastStableOffset: number
  startOffset: number
  aborted: AbortedTransaction[]
  records: Buffer
}

/** The log of one partition: whatever bytes a test appends. */
export class HostileLog {
  #chunks: Chunk[] = []
  startOffset = 0
  /** The high watermark. */
  endOffset = 0
  /** Null: the end offset. */
  lastStableOffset: number | null = null
  /** The id of the broker that clients are told to fetch from; -1: none. */
  leader = 1
  leaderEpoch = 0
  aborted: AbortedTransaction[] = []
  /** Where each leader epoch ended; the current one ends at the end of the log. */
  epochEnds = new Map<number, number>()
  /** Most bytes in an answer, but one record batch in any case. */
  maxBytes = Number.POSITIVE_INFINITY
  /** Gets the answer before it is sent, and may change it: odd responses. */
  onFetch: ((offset: number, answer: FetchedLog) => void) | null = null
  /** Looks up the first offset at or after a time; -1: none. Null: the broker cannot. */
  offsetOfTime: ((time: number) => number) | null = null
  /** What is below it lies in remote storage, which takes `remoteMs` to read from. */
  remoteBefore = 0
  remoteMs = 0
  /** Reads from there that were ended before their time. */
  interruptedReads = 0
  /** Every offset that was fetched, in order, and how many bytes were asked for each time. */
  readonly fetchedOffsets: number[] = []
  readonly fetchedBytes: number[] = []

  constructor(private readonly changed: () => void) {}

  /** Appends a record batch at the end. Its offsets are set here, unless it lies about them. */
  append(batch: HostileBatch): this {
    const baseOffset = this.endOffset
    const count = (batch.lastOffsetDelta ?? Math.max(1, batch.records?.length ?? 1) - 1) + 1
    const bytes = encodeBatch({ baseOffset, leaderEpoch: this.leaderEpoch, ...batch })
    return this.appendBytes(bytes, count)
  }

  /** Appends bytes that are believed to cover `count` offsets. */
  appendBytes(bytes: Buffer, count: number): this {
    const firstOffset = this.endOffset
    this.endOffset += count
    this.#chunks.push({ firstOffset, lastOffset: this.endOffset - 1, bytes })
    this.changed()
    return this
  }

  /** Leaves offsets out, as compaction or loss does. */
  skip(count: number): this {
    this.endOffset += count
    return this
  }

  /** What retention and DeleteRecords do. */
  deleteBefore(offset: number): void {
    this.startOffset = offset
    this.#chunks = this.#chunks.filter(({ lastOffset }) => lastOffset >= offset)
    this.changed()
  }

  /** What an unclean leader election does: a new leader, which lacks the end. */
  truncateTo(offset: number): void {
    this.epochEnds.set(this.leaderEpoch, offset)
    this.leaderEpoch++
    this.endOffset = offset
    this.#chunks = this.#chunks.filter(({ firstOffset }) => firstOffset < offset)
    this.changed()
  }

  /**
   * Record batches from the one that holds `offset` on. As on a real broker the first one comes
   * whatever its size, unless the response has something of another partition.
   */
  read(offset: number, maxBytes: number, isFirstOfResponse: boolean): Buffer {
    const found: Buffer[] = []
    let size = 0
    for (const { lastOffset, bytes } of this.#chunks) {
      if (lastOffset < offset) continue
      const isFirst = found.length === 0
      if (size + bytes.length > maxBytes && !(isFirst && isFirstOfResponse)) break
      if (size + bytes.length > this.maxBytes && !isFirst) break
      found.push(bytes)
      size += bytes.length
    }
    return Buffer.concat(found)
  }
}
