import { type BehindProxy, openBehindProxy, ROWS, replayThrough } from './behind-proxy.js'
import { BOUND_MS, expectRight, readReplay } from './read-replay.js'

let behind: BehindProxy
beforeEach(async () => {
  behind = await openBehindProxy()
})
afterEach(() => behind[Symbol.asyncDispose]())

test.each([1, 3, 4, 7, 30, 100, 1_500])('a reset %d bytes on', async (bytes) => {
  const outcome = await replayThrough(behind, () => void behind.proxy.resetAfter(bytes))
  expectRight(outcome, behind.right)
})

test('resets again and again, each in mid-response', async () => {
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

test('connections that are cut', async () => {
  const outcome = await replayThrough(behind, () => behind.proxy.cut())
  expectRight(outcome, behind.right)
})

test('a broker that cannot be reached for five seconds is found soon after', async () => {
  const { proxy, right } = behind
  let accepting: Promise<unknown> | undefined
  let backAt = 0
  const outcome = await replayThrough(behind, async () => {
    await proxy.refuse()
    accepting = new Promise((resolve) => setTimeout(resolve, 5_000)).then(() => {
      backAt = performance.now()
      return proxy.accept()
    })
  })
  const foundMs = performance.now() - backAt
  await accepting
  expect(outcome.error).toBeNull()
  expect(outcome.rows).toHaveLength(ROWS)
  expect(outcome.sha256).toBe(right.sha256)
  expect(foundMs).toBeLessThan(BOUND_MS / 2)
})
