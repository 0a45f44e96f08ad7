import { ConsumerManager, SourceTopic } from '../../src/index.js'
import type { HostileBroker, HostileTopic } from '../support/hostile-broker/index.js'
import { until } from '../support/until.js'
import { setHostileScene, THREE } from './hostile-scene.js'
import { ReplayReader } from './read-replay.js'

let broker: HostileBroker
let topic: HostileTopic
setHostileScene((scene) => {
  ;({ broker } = scene)
  topic = broker.createTopic('t', 2)
})

function createManager(): Promise<ConsumerManager> {
  return ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
  })
}

test('a partition that has failed is not fetched on', async () => {
  const other = topic.partition(0)
  const failed = topic.partition(1)
  other.append(THREE)
  // It is asked again and again, and never answers with what it has.
  other.onFetch = (_offset, answer) => {
    answer.records = Buffer.alloc(0)
  }
  failed.maxBytes = 1 // a batch a response
  failed.append({ records: [{ lies: { length: -1 } }] })
  for (let i = 0; i < 1_000; i++) failed.append(THREE)
  await using _manager = await createManager()
  let fetches = 0
  let others = 0
  await until('the other alone is fetched, 100 times', () => {
    if (failed.fetchedOffsets.length > fetches) {
      fetches = failed.fetchedOffsets.length
      others = other.fetchedOffsets.length
    }
    return fetches > 0 && other.fetchedOffsets.length > others + 100
  })
})

test('records behind a fault that is found late are not held', async () => {
  const log = topic.partition(0)
  log.append(THREE)
  log.append({ records: [{ value: 'good' }, { lies: { length: -1 } }, { value: 'lost' }] })
  log.append(THREE)
  await using manager = await createManager()
  const consumed = () => manager.partitionState().getChild('consumed_offset')?.get(0)
  await until('all is fetched', () => consumed() === 8n)
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => false)).toMatchObject({ code: 'ERR_CORRUPT_RECORD_BATCH' })
  expect(reader.rows).toHaveLength(4)
  expect(manager.heldMessageCount()).toBe(0)
})
