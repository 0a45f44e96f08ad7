import {
  ConsumerManager,
  type KafkaOptions,
  SourceTopic,
  type TidemarkError,
} from '../../src/index.js'
import { FaultyProxy } from '../support/faulty-proxy.js'
import { HostileBroker } from '../support/hostile-broker/index.js'
import { type Outcome, ReplayReader, range, readReplay } from './read-replay.js'

const PARTITIONS = 2
const BATCHES = 60
const RECORDS = 20
export const ROWS = PARTITIONS * BATCHES * RECORDS

/** A broker with topic 't', a proxy that it takes for its own address, and what its replay is. */
export interface BehindProxy extends AsyncDisposable {
  broker: HostileBroker
  proxy: FaultyProxy
  right: Outcome
}

/** @param valueBytes with 1,000 the log is far larger than the budget of `replayThrough` */
export async function openBehindProxy(valueBytes = 1_000): Promise<BehindProxy> {
  const broker = await HostileBroker.start()
  const { partitions } = broker.createTopic('t', PARTITIONS)
  for (const [partition, log] of partitions.entries()) {
    for (const batch of range(BATCHES)) {
      const value = `${partition} ${batch} `.padEnd(valueBytes, 'x')
      const records = range(RECORDS).map((i) => ({ value: value + i, timestampDelta: batch + i }))
      log.append({ records })
    }
    log.maxBytes = 1 // a record batch an answer, so that there are many
  }
  const right = await readReplay(broker)
  const proxy = await FaultyProxy.start({ host: broker.host, port: broker.port })
  broker.advertised = { host: proxy.host, port: proxy.port }
  return {
    broker,
    proxy,
    right,
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await broker.close()
    },
  }
}

/**
 * Reads a third of the replay through the proxy, lets something happen, and reads the rest, for as
 * long as a fault may take.
 */
export async function replayThrough(
  { proxy, broker }: BehindProxy,
  happens: () => void | Promise<void>,
  config: KafkaOptions['config'] = {},
): Promise<Pick<Outcome, 'rows' | 'sha256'> & { error: TidemarkError | null }> {
  await using manager = await ConsumerManager.create({
    topics: [SourceTopic.fromEarliest('t')],
    config: { ...proxy.config, ...config },
    maxBufferedBytes: 2 ** 20,
    batchSize: 100,
  })
  const reader = new ReplayReader(manager)
  await reader.readUntil(() => reader.rows.length >= ROWS / 3)
  const fetched = fetchesOf(broker)
  await happens()
  const error = await reader.readUntil(() => manager.isLive())
  // Else nothing was left to be hit by what happened.
  expect(fetchesOf(broker)).toBeGreaterThan(fetched + BATCHES / 10)
  return { ...reader.outcome(), error }
}

function fetchesOf({ topics }: HostileBroker): number {
  const partitions = topics.get('t')?.partitions ?? []
  return partitions.reduce((sum, { fetchedOffsets }) => sum + fetchedOffsets.length, 0)
}
