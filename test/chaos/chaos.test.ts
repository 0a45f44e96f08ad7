import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import {
  ConsumerManager,
  type ConsumerManagerOptions,
  SourceTopic,
  TidemarkError,
} from '../../src/index.js'
import { RowDigest, rowsOf } from '../support/rows.js'
import { ChaosCluster, type ChaosTopic } from './chaos-cluster.js'
import { AT_CREATION, callOff, type Fault, faults, happen } from './fault.js'
import { type Replayed, Summary } from './summary.js'

// Set by test/chaos.mjs, where they are described.
const RUNS = Number(process.env.TIDEMARK_CHAOS_RUNS ?? 3)
const SEED = Number(process.env.TIDEMARK_CHAOS_SEED ?? randomInt(2 ** 31))
const MINUTES = Number(process.env.TIDEMARK_CHAOS_MINUTES ?? 10)

const RECORDS = 12_000
const MIB = 2 ** 20
/** A fault has passed long before. */
const STUCK_MS = 120_000
/** Longer than the next row takes to come when a fault has passed, also on a busy machine. */
const BOUND_MS = 30_000

interface Plan {
  topic: ChaosTopic
  batchSize: number
  maxBufferedBytes: number
  faults: Fault[]
}

const say = (line: string) => process.stdout.write(`chaos: ${line}\n`)

/**
 * Tries again, as a caller would, where a fault has taken longer than the time for creation, as three
 * brokers do on a busy machine: create is right to give up then.
 *
 * @param isFaulty whether a fault is there, or has passed only now
 */
async function create(
  options: ConsumerManagerOptions,
  isFaulty: () => boolean,
): Promise<{ manager: ConsumerManager; triedAt: number }> {
  for (const end = Date.now() + STUCK_MS; ; ) {
    const triedAt = Date.now()
    try {
      return { manager: await ConsumerManager.create(options), triedAt }
    } catch (error) {
      const hasTimedOut = error instanceof TidemarkError && error.code === 'ERR_CREATE_TIMEOUT'
      if (!hasTimedOut || !isFaulty() || Date.now() > end) throw error
      say(`once more: ${error.message}`)
    }
  }
}

async function replay(cluster: ChaosCluster, plan: Plan): Promise<Replayed> {
  const { topic, batchSize, maxBufferedBytes } = plan
  const replayed: Replayed = { wrong: null, happened: [], longestWaitMs: 0 }
  const coming = [...plan.faults]
  const begun: { what: Fault['what']; hasHappened: () => boolean }[] = []
  let happening: Promise<void> | null = null
  let passedAt = 0
  const begin = async (fault: Fault) => {
    begun.push({ what: fault.what, hasHappened: await happen(cluster, fault) })
    happening = null
    passedAt = Date.now()
  }
  const digest = new RowDigest()
  let rows = 0
  try {
    if (coming[0]?.atPercent === AT_CREATION) happening = begin(coming.shift() as Fault)
    const { manager: created, triedAt } = await create(
      {
        config: cluster.config,
        topics: [SourceTopic.fromEarliest(topic.name)],
        batchSize,
        maxBufferedBytes,
      },
      () => happening !== null || Date.now() - passedAt < BOUND_MS,
    )
    await using manager = created
    /** Since then a row could have come. */
    let waitsSince = happening ? Date.now() : Math.max(triedAt, passedAt)
    while (!manager.isLive()) {
      const batch = await manager.poll(1_000)
      for (const row of rowsOf(batch)) digest.add(row)
      const { numRows } = batch
      rows += numRows
      manager.release(batch)
      replayed.longestWaitMs = Math.max(replayed.longestWaitMs, Date.now() - waitsSince)
      if (replayed.longestWaitMs > BOUND_MS) {
        throw new Error(`no row for ${replayed.longestWaitMs} ms, after ${rows} rows`)
      }
      while (coming[0] && rows >= (coming[0].atPercent * topic.rows) / 100) {
        // One after another, in mid-replay: nothing is read until the last one has passed.
        await happening
        happening = begin(coming.shift() as Fault)
      }
      if (numRows > 0 || happening) waitsSince = Date.now()
    }
    if (rows !== topic.rows) throw new Error(`${rows} rows instead of ${topic.rows}`)
    if (String(digest) !== topic.digest) throw new Error('other rows, or in another order')
  } catch (error) {
    replayed.wrong = String(error)
  }
  await happening
  callOff(cluster)
  replayed.happened = begun.filter((fault) => fault.hasHappened()).map(({ what }) => what)
  return replayed
}

const describeFault = ({ what, broker, forMs, atPercent }: Fault) =>
  `${what} (broker ${broker}, ${forMs} ms) at ${atPercent === AT_CREATION ? 'creation' : `${atPercent} %`}`

test(
  'replays with random faults give the same rows',
  async () => {
    say(`${RUNS} replays, for ${MINUTES} minutes at most, from seed ${SEED}`)
    await using cluster = await ChaosCluster.start(RECORDS)
    const plans = fc.record({
      topic: fc.constantFrom(...cluster.topics),
      batchSize: fc.constantFrom(50, 500, 5_000),
      maxBufferedBytes: fc.constantFrom(MIB, 2 * MIB, 8 * MIB),
      faults: faults(cluster.brokers.length),
    })
    const summary = new Summary()
    for (let seed = SEED; seed < SEED + RUNS && summary.minutes < MINUTES; seed++) {
      // Neighbouring seeds would give similar plans.
      const [plan] = fc.sample(plans, {
        seed: Math.imul(seed, 0x9e3779b1),
        numRuns: 1,
        unbiased: true,
      })
      if (!plan) throw new Error('there is no plan')
      const started = Date.now()
      const replayed = await replay(cluster, plan)
      const seconds = ((Date.now() - started) / 1e3).toFixed(1)
      const what = `seed ${seed}, ${plan.topic.name}: ${plan.faults.map(describeFault).join(', ')}`
      summary.add(replayed, what)
      say(`${seed - SEED + 1} of ${RUNS}: ${replayed.wrong ?? 'ok'}, ${seconds} s, ${what}`)
    }
    for (const line of summary.lines) say(line)
    expect(summary.wrong).toEqual([])
  },
  MINUTES * 60_000 + 600_000,
)
