import { type ClientEvent, SourceTopic } from '../../src/index.js'
import type { HostileBroker, HostileLog } from '../support/hostile-broker/index.js'
import { fill, setHostileScene } from './hostile-scene.js'
import { offsetsOf, range, readReplay } from './read-replay.js'

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
})

async function replay(throttleMs: number, stallTimeoutMs: number) {
  fill(log)
  broker.throttleMs = throttleMs
  const events: ClientEvent['type'][] = []
  const outcome = await readReplay(broker, {
    topics: [SourceTopic.fromEarliest('t')],
    config: { ...broker.config, 'socket.timeout.ms': 1_000 },
    stallTimeoutMs,
    onEvent: ({ type }) => events.push(type),
  })
  return { ...outcome, events }
}

// A broker that throttles reads nothing of the connection for so long as it has said. What was sent
// meanwhile timed out, and the connection was given up.
test('no connection is given up while its broker throttles, and no fetch is sent', async () => {
  const { rows, error, events } = await replay(2_500, 60_000)
  expect(error).toBeNull()
  expect(rows).toHaveLength(15)
  expect(events).toContain('throttled')
  expect(events).not.toContain('brokerDown')
  expect(broker.fetchesWhileThrottled).toBe(0)
})

test('a throttle that is longer than stallTimeoutMs is told as the cause of the stall', async () => {
  const outcome = await replay(60_000, 500)
  expect(offsetsOf(outcome)).toEqual(range(3))
  expect(outcome.error).toMatchObject({
    code: 'ERR_STALLED',
    offset: 3n,
    message: expect.stringMatching(
      /throttles this client, for another 5\d\.\d+ s: raise the quota/,
    ),
  })
})
