import { setTimeout as sleep } from 'node:timers/promises'
import { type BehindProxy, openBehindProxy, replayThrough } from './behind-proxy.js'
import { expectRight, readReplay } from './read-replay.js'

let behind: BehindProxy
beforeEach(async () => {
  behind = await openBehindProxy()
})
afterEach(() => behind[Symbol.asyncDispose]())

test.each([1, 3, 4, 7, 30, 100, 1_500])(
  'a replay is the same after a reset %d bytes on',
  async (bytes) => {
    const outcome = await replayThrough(behind, () => void behind.proxy.resetAfter(bytes))
    expectRight(outcome, behind.right)
  },
)

test('a replay is the same after resets again and again, each in mid-response', async () => {
  const { proxy, right } = behind
  let resets = 0
  let before = 0
  const timer = setInterval(() => {
    // Only once something came through: with a reset each time nothing ever would.
    if (resets === 8 || proxy.answeredBytes < before + 5_000) return
    before = proxy.answeredBytes
    proxy.resetAfter(1_000)
    resets++
  }, 1)
  const outcome = await readReplay(proxy)
  clearInterval(timer)
  expect(resets).toBe(8)
  expectRight(outcome, right)
})

test('a replay is the same after all connections are cut', async () => {
  const outcome = await replayThrough(behind, () => behind.proxy.cut())
  expectRight(outcome, behind.right)
})

// The pause between two tries has a limit far below the deadline, however long it was away.
test('a broker that cannot be reached for five seconds is found again', async () => {
  const { proxy, right } = behind
  let accepting: Promise<unknown> | undefined
  const outcome = await replayThrough(behind, async () => {
    await proxy.refuse()
    accepting = sleep(5_000).then(() => proxy.accept())
  })
  await accepting
  expectRight(outcome, right)
})
