import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { ChaosCluster } from './chaos-cluster.js'

/**
 * What can happen to broker `broker`, or to all, `forMs` long. Resolves when it has passed, to false
 * when it could not be done; or when it is to come, to what tells whether it has.
 */
type Happen = (cluster: ChaosCluster, broker: number, forMs: number) => Promise<unknown>

const FAULTS = {
  async 'kill -9'({ kafka }, broker, forMs) {
    await kafka.broker(broker).kill()
    await sleep(forMs)
    await kafka.broker(broker).start()
  },
  async stop({ kafka }, broker) {
    await kafka.broker(broker).stop()
    await kafka.broker(broker).start()
  },
  async 'kill -9 all'({ kafka, brokers }, _broker, forMs) {
    await Promise.all(brokers.map((id) => kafka.broker(id).kill()))
    await sleep(forMs)
    await Promise.all(brokers.map((id) => kafka.broker(id).start()))
  },
  move: (cluster) => cluster.moveLeaders(),
  async cut({ proxies }) {
    for (const proxy of proxies) proxy.cut()
  },
  async reset(cluster, broker, forMs) {
    const reset = cluster.proxy(broker).resetAfter(forMs * 10)
    return () => reset.hasHappened
  },
  async silence(cluster, broker) {
    cluster.proxy(broker).isBlackHole = true
    cluster.proxy(broker).isBlackHole = false
  },
  async 'black hole'(cluster, broker, forMs) {
    cluster.proxy(broker).isBlackHole = true
    await sleep(forMs)
    cluster.proxy(broker).isBlackHole = false
  },
  async 'half-open'(cluster, broker) {
    cluster.proxy(broker).loseBrokers()
  },
  async refuse({ proxies }, _broker, forMs) {
    await Promise.all(proxies.map((proxy) => proxy.refuse()))
    await sleep(forMs)
    await Promise.all(proxies.map((proxy) => proxy.accept()))
  },
  async 'slow link'(cluster, broker, forMs) {
    cluster.proxy(broker).link = { pieceBytes: 8_000, bytesPerSecond: 400_000, jitterMs: 5 }
    await sleep(forMs)
    cluster.proxy(broker).link = {}
  },
} satisfies Record<string, Happen>

export const AT_CREATION = -1

export interface Fault {
  what: keyof typeof FAULTS
  broker: number
  forMs: number
  /** When so many percent of the replay have been read; before the stream is created. */
  atPercent: number | typeof AT_CREATION
}

/** @returns whether it has happened, to be asked at the end of the replay */
export async function happen(
  cluster: ChaosCluster,
  { what, broker, forMs }: Fault,
): Promise<() => boolean> {
  const outcome = await (FAULTS[what] as Happen)(cluster, broker, forMs)
  return typeof outcome === 'function' ? (outcome as () => boolean) : () => outcome !== false
}

/** What has not happened by then does not. */
export function callOff({ proxies }: ChaosCluster): void {
  for (const proxy of proxies) proxy.resetAfter(Number.POSITIVE_INFINITY)
}

export const faults = (brokers: number): fc.Arbitrary<Fault[]> =>
  fc
    .array(
      fc.record({
        what: fc.constantFrom(...(Object.keys(FAULTS) as Fault['what'][])),
        broker: fc.integer({ min: 1, max: brokers }),
        forMs: fc.integer({ min: 0, max: 3_000 }),
        atPercent: fc.oneof(
          { weight: 1, arbitrary: fc.constant(AT_CREATION) },
          { weight: 3, arbitrary: fc.integer({ min: 0, max: 80 }) },
        ),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((several) => several.sort((a, b) => a.atPercent - b.atPercent))
