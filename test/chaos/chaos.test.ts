import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { RowDigest, rowsOf } from '../support/rows.js'
import { ChaosCluster, type ChaosTopic } from './chaos-cluster.js'
import { type Fault, faults, happen } from './fault.js'

// Set by test/chaos.mjs, where they are described.
const RUNS = Number(process.env.TIDEMARK_CHAOS_RUNS ?? 3)
const SEED = Number(process.env.TIDEMARK_CHAOS_SEED ?? randomInt(2 ** 31))
const MINUTES = Number(process.env.TIDEMARK_CHAOS_MINUTES ?? 10)

const RECORDS = 12_000
const MIB = 2 ** 20
/** A fault has passed long before. */
const STUCK_MS = 120_000

interface Plan {
  topic: ChaosTopic
  batchSize: number
  maxBufferedBytes: number
  faults: Fault[]
}

const say = (line: string) => process.stdout.write(`chaos: ${line}\n`)

/** @returns what is wrong; null: nothing */
async function replay(cluster: ChaosCluster, plan: Plan): Promise<string | null> {
  const { topic, batchSize, maxBufferedBytes } = plan
  await using manager = await ConsumerManager.create({
    config: cluster.config,
    topics: [SourceTopic.fromEarliest(topic.name)],
    batchSize,
    maxBufferedBytes,
  })
  const digest = new RowDigest()
  const coming = [...plan.faults]
  let happening = Promise.resolve()
  let rows = 0
  let lastRowAt = Date.now()
  try {
    while (!manager.isLive()) {
      const batch = await manager.poll(1_000)
      for (const row of rowsOf(batch)) digest.add(row)
      rows += batch.numRows
      if (batch.numRows > 0) lastRowAt = Date.now()
      manager.release(batch)
      while (coming[0] && rows >= (coming[0].atPercent * topic.rows) / 100) {
        // One after another, in mid-replay: nothing is read until the last one has passed.
        await happening
        happening = happen(cluster, coming.shift() as Fault)
        lastRowAt = Date.now()
      }
      if (Date.now() - lastRowAt > STUCK_MS) return `stuck after ${rows} rows`
    }
  } catch (error) {
    return `${error}`
  } finally {
    await happening
  }
  if (rows !== topic.rows) return `${rows} rows instead of ${topic.rows}`
  return String(digest) === topic.digest ? null : 'other rows, or in another order'
}

const describeFault = ({ what, broker, forMs, atPercent }: Fault) =>
  `${what} (broker ${broker}, ${forMs} ms) at ${atPercent} %`

test(
  'replays with random faults are all the same',
  async () => {
    say(`${RUNS} replays, for ${MINUTES} minutes at most, from seed ${SEED}`)
    await using cluster = await ChaosCluster.start(RECORDS)
    const plans = fc.record({
      topic: fc.constantFrom(...cluster.topics),
      batchSize: fc.constantFrom(50, 500, 5_000),
      maxBufferedBytes: fc.constantFrom(MIB, 2 * MIB, 8 * MIB),
      faults: faults(cluster.brokers.length),
    })
    const failures: string[] = []
    const begin = Date.now()
    let runs = 0
    while (runs < RUNS && Date.now() - begin < MINUTES * 60_000) {
      const seed = SEED + runs++
      // Neighbouring seeds would give similar plans.
      const [plan] = fc.sample(plans, {
        seed: Math.imul(seed, 0x9e3779b1),
        numRuns: 1,
        unbiased: true,
      })
      if (!plan) throw new Error('there is no plan')
      const started = Date.now()
      const wrong = await replay(cluster, plan)
      const seconds = ((Date.now() - started) / 1e3).toFixed(1)
      const what = `${plan.topic.name}: ${plan.faults.map(describeFault).join(', ')}`
      say(`${runs} (seed ${seed}) ${wrong ?? 'ok'}, ${seconds} s, ${what}`)
      if (wrong) failures.push(`seed ${seed}: ${wrong}: ${what}`)
    }
    say(`${runs} replays, ${failures.length} wrong, from seed ${SEED}`)
    expect(failures).toEqual([])
  },
  MINUTES * 60_000 + 600_000,
)
