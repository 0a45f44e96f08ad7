import { ConsumerManager, SourceTopic } from '../../src/index.js'
import type { HostileBroker } from '../support/hostile-broker/index.js'
import { take } from '../support/read-rows.js'
import { until } from '../support/until.js'
import { setHostileScene } from './hostile-scene.js'

const BATCHES = 200
const VALUE = Buffer.alloc(20_000, 'x')
/** RD_KAFKA_RECORD_BATCH_SHORT_FETCH_WAIT_MS of the patch. */
const SHORT_WAIT_MS = 10

let broker: HostileBroker
setHostileScene((scene) => {
  ;({ broker } = scene)
})

// A fetch that left the full partition out was kept by the broker for 250 ms, since there was nothing
// new in its idle neighbour: a backlog came in steps of a few MB, 24 MB/s however fast the caller.
test('in live, no fetch that leaves a full partition out is kept long for an idle one', async () => {
  const [busy] = broker.createTopic('t', 2).partitions
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
    maxBufferedBytes: 2 ** 20,
    batchSize: 10,
  })
  expect(manager.isLive()).toBe(true)
  for (let i = 0; i < BATCHES; i++) busy?.append({ records: [{ value: VALUE }] })
  const leavingOut = () => broker.fetches.filter(({ partitions }) => !partitions.includes(0))
  await until('the idle one alone is fetched', () => leavingOut().length > 0)
  expect(manager.pausedPartitionCount()).toBe(1)
  await take(manager, BATCHES)
  expect(Math.max(...leavingOut().map(({ waitMs }) => waitMs))).toBeLessThanOrEqual(SHORT_WAIT_MS)
  // The others are.
  expect(Math.max(...broker.fetches.map(({ waitMs }) => waitMs))).toBeGreaterThan(SHORT_WAIT_MS)
})
