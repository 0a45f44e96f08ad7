// A user's strict program: compiled as it is under every module resolution, and never run.
import type { RecordBatch } from 'apache-arrow'
import {
  type BatchesOptions,
  type CaptureOptions,
  type ClientEvent,
  ConsumerManager,
  type ConsumerManagerOptions,
  type LogEntry,
  type MemoryAccount,
  type MultiSourceOptions,
  type OAuthToken,
  type PartitionStateColumns,
  type PollOptions,
  type RecordColumns,
  type SourceOptions,
  SourceTopic,
  TidemarkError,
  type TidemarkErrorCode,
} from 'tidemark'
import { MockCluster, Producer, type ProducerRecord } from 'tidemark/testing'

const options: ConsumerManagerOptions = {
  config: { 'bootstrap.servers': 'localhost:9092' },
  topics: [SourceTopic.fromAbsoluteTime('trades', new Date(0))],
  onLateRecord: 'error',
  isolationLevel: 'read_uncommitted',
  cutoffMs: new Date(),
  oauthToken: async (): Promise<OAuthToken> => ({ token: 't', lifetimeMs: 1 }),
  logger: ({ level, message }: LogEntry) => console[level](message),
}
// @ts-expect-error
export const misspelt: ConsumerManagerOptions = { ...options, batchsize: 1 }
// @ts-expect-error: of the project's own
export const internal = TidemarkError.from

export async function read(): Promise<TidemarkErrorCode | undefined> {
  const manager = await ConsumerManager.create(options)
  try {
    const poll: PollOptions = { signal: AbortSignal.timeout(1) }
    const batch: RecordBatch<RecordColumns> = await manager.poll(1_000, poll)
    for (const { topic, partition, offset, timestamp, key, value } of batch) {
      const place: { topic: string; partition: number; offset: bigint } = {
        topic,
        partition,
        offset,
      }
      const time: number | null = timestamp
      const bytes: (Uint8Array | null)[] = [key, value]
      console.log(place, time, bytes)
    }
    const state: RecordBatch<PartitionStateColumns> = manager.partitionState()
    const isLive: boolean = manager.isLive()
    const mark: number | null = manager.getPrimingWatermark()
    console.log(state.numRows, isLive, mark, manager.heldMessageCount())
    const account: MemoryAccount = manager.memory()
    const held: number = account.heldBytes + account.held.queued + account.process.rss
    const kept: number | null = account.process.mallocFree
    // @ts-expect-error: malloc does not tell it everywhere
    const always: number = account.process.mallocFree
    console.log(held, kept, always)
    const batches: BatchesOptions = { autoRelease: true }
    for await (const next of manager.batches(batches)) manager.release(next)
    for await (const next of manager) console.log(next.numRows)
  } catch (error) {
    if (error instanceof TidemarkError) return error.code
  } finally {
    await manager.close()
  }
  return undefined
}

export async function readTwo(): Promise<string | undefined> {
  const capture: CaptureOptions = { dir: './capture' }
  const topics = [SourceTopic.fromEarliest('trades')]
  const sources: SourceOptions[] = [
    { name: 'eu', config: { 'bootstrap.servers': 'localhost:9092' }, topics, capture },
    { name: 'us', segments: './us', topics },
  ]
  const options: MultiSourceOptions<'source' | 'offset'> = {
    sources,
    columns: ['source', 'offset'],
    onEvent: (event: ClientEvent) => console.log(event.type, event.source),
  }
  await using manager = await ConsumerManager.create(options)
  for (const { source, offset } of await manager.poll()) {
    const place: { source: string; offset: bigint } = { source, offset }
    console.log(place)
  }
  return undefined
}

export async function write(records: ProducerRecord[]): Promise<void> {
  const cluster = MockCluster.start({ brokers: 1 })
  cluster.createTopic('trades', { partitions: 2 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  const producer = await Producer.create({ config })
  await producer.sendAll(records)
  await producer.close()
  await cluster.close()
}
