import { HostileBroker } from '../support/hostile-broker/index.js'
import { offsetsOf, readReplay } from './read-replay.js'

test('gaps are counted where brokers never tell the cleanup policy', async () => {
  await using broker = await HostileBroker.start()
  const one = { records: [{ value: 'a' }] }
  broker.createTopic('t').partition(0).append(one).skip(2).append(one)
  broker.onResponse = (api, frame) => (api === 'describeConfigs' ? null : frame)
  // Half of this is waited for the policy, and half is kept for all else: it is created.
  const outcome = await readReplay(broker, { createTimeoutMs: 10_000 })
  expect(outcome.error).toBeNull()
  expect(offsetsOf(outcome)).toEqual([0, 3])
  expect(outcome.gaps).toBe(2)
})
