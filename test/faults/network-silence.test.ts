import { until } from '../support/until.js'
import { type BehindProxy, openBehindProxy, ROWS, replayThrough } from './behind-proxy.js'
import { expectRight, readReplay } from './read-replay.js'

// Nothing tells the client that a connection is dead: only that no answer comes.

let behind: BehindProxy
beforeEach(async () => {
  behind = await openBehindProxy()
})
afterEach(() => behind[Symbol.asyncDispose]())

/** Silence is noticed sooner than by default, which takes 5 s. */
const IMPATIENT = { 'socket.timeout.ms': 1_500, 'socket.connection.setup.timeout.ms': 1_500 }

/** Every connection that there is falls silent; new ones work. */
function loseConnections(): void {
  behind.proxy.isBlackHole = true
  behind.proxy.isBlackHole = false
}

test('connections that fall silent are replaced, without any setting', async () => {
  const outcome = await replayThrough(behind, loseConnections)
  expectRight(outcome, behind.right)
})

test('a replay goes on after a black hole that took new connections, too', async () => {
  const { proxy } = behind
  let opening: Promise<void> | undefined
  const outcome = await replayThrough(
    behind,
    () => {
      const before = proxy.accepted
      proxy.isBlackHole = true
      const isTriedAgain = () => proxy.accepted >= before + 2
      opening = until('new connections were tried', isTriedAgain).then(() => {
        proxy.isBlackHole = false
      })
    },
    IMPATIENT,
  )
  await opening
  expectRight(outcome, behind.right)
})

test('a replay goes on after the broker has forgotten its connections', async () => {
  const outcome = await replayThrough(behind, () => behind.proxy.loseBrokers(), IMPATIENT)
  expectRight(outcome, behind.right)
})

test('a replay goes on after the broker has closed its side of the connections', async () => {
  const outcome = await replayThrough(behind, () => behind.proxy.endAnswers())
  expectRight(outcome, behind.right)
})

test('create succeeds after a black hole', async () => {
  const { proxy, right } = behind
  proxy.isBlackHole = true
  const replay = readReplay(proxy, { config: IMPATIENT })
  await until('a connection was tried again', () => proxy.accepted >= 2)
  proxy.isBlackHole = false
  const outcome = await replay
  expectRight(outcome, right)
  expect(outcome.rows).toHaveLength(ROWS)
})
