import { setTimeout } from 'node:timers/promises'
import { SourceTopic } from 'tidemark'
import { MockCluster, Producer, type ProducerRecord } from 'tidemark/testing'

/**
 * What a partition holds of the last hour: so many records, between two fractions of it. An exponent
 * below 1 makes them dense at its end, above 1 at its start.
 */
interface History {
  records: number
  from: number
  to: number
  exponent: number
}

/** No two partitions run at one pace, and one ends early: a merge that does not wait gets it wrong. */
const HISTORY: Record<string, History[]> = {
  trades: [
    { records: 450_000, from: 0, to: 1, exponent: 1 },
    { records: 250_000, from: 0, to: 1, exponent: 0.5 },
    { records: 100_000, from: 0.5, to: 1, exponent: 2 },
  ],
  quotes: [
    { records: 600_000, from: 0, to: 1, exponent: 2 },
    { records: 250_000, from: 0, to: 0.4, exponent: 1 },
    { records: 200_000, from: 0.3, to: 0.9, exponent: 0.5 },
    { records: 125_000, from: 0.2, to: 1, exponent: 1 },
    { records: 25_000, from: 0, to: 1, exponent: 1 },
  ],
}

const HOUR_MS = 3_600_000
const LIVE_RECORDS_PER_TICK = 10
const LIVE_TICK_MS = 10
const SYMBOLS = ['ACME', 'GLOBEX', 'HOOLI', 'INITECH', 'UMBRELLA', 'WONKA']

/** A mock cluster with trades and quotes. */
export class EmbeddedCluster {
  readonly topics = Object.keys(HISTORY).map((name) => SourceTopic.fromEarliest(name))
  readonly config: Record<string, string>
  readonly #cluster = MockCluster.start({ brokers: 3 })
  readonly #partitions = Object.entries(HISTORY).flatMap(([topic, partitions]) =>
    partitions.map((_, partition) => ({ topic, partition })),
  )

  constructor() {
    this.config = { 'bootstrap.servers': this.#cluster.bootstrapServers }
    for (const [name, { length }] of Object.entries(HISTORY)) {
      this.#cluster.createTopic(name, { partitions: length })
    }
  }

  /** Returns how many records it wrote. */
  async writeHistory(): Promise<number> {
    const producer = await Producer.create({ config: this.config })
    const end = Date.now()
    let records = 0
    for (const [topic, partitions] of Object.entries(HISTORY)) {
      for (const [partition, history] of partitions.entries()) {
        await producer.sendAll(recordsOf(topic, partition, history, end))
        records += history.records
      }
    }
    await producer.close()
    return records
  }

  /** Writes records at a steady pace, each with the time of its sending, until the signal. */
  async writeLive(signal: AbortSignal): Promise<void> {
    const producer = await Producer.create({ config: { ...this.config, 'linger.ms': 0 } })
    for (let sent = 0; !signal.aborted; ) {
      for (let i = 0; i < LIVE_RECORDS_PER_TICK; i++, sent++) {
        const place = this.#partitions[sent % this.#partitions.length] as ProducerRecord
        await producer.send({ ...place, timestamp: Date.now(), value: String(performance.now()) })
      }
      await setTimeout(LIVE_TICK_MS)
    }
    await producer.close()
  }

  close(): Promise<void> {
    return this.#cluster.close()
  }
}

function* recordsOf(
  topic: string,
  partition: number,
  { records, from, to, exponent }: History,
  end: number,
): Generator<ProducerRecord> {
  for (let i = 0; i < records; i++) {
    const fraction = from + (to - from) * (i / records) ** exponent
    const key = SYMBOLS[(i * 7 + partition) % SYMBOLS.length] as string
    yield {
      topic,
      partition,
      timestamp: Math.floor(end - HOUR_MS + HOUR_MS * fraction),
      key,
      value: `{"symbol":"${key}","sequence":${i},"price":${100 + (i % 1000) / 100},"size":100}`,
    }
  }
}
