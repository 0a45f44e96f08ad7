import { CLEAN, run, startCluster } from '../support/run-program.js'

const KIB = 1024
const ROUND = 500

test('a thousand times create and close, without growth', async () => {
  const cluster = await startCluster({ records: 1_000 })
  const outcome = await run(
    `
    const config = ${cluster.config}
    let left
    const churn = async () => {
      while (left-- > 0) {
        const manager = await open(config)
        if (left % 10 === 0) manager.release(await manager.poll(10_000))
        await manager.close()
      }
    }
    const round = async () => {
      left = ${ROUND}
      await Promise.all(Array.from({ length: 10 }, churn))
      await collectGarbage()
      return { threads: threads(), descriptors: descriptors(), rss: memory().rss }
    }
    await round()
    report([await round(), await round(), await round()])
  `,
    // In many arenas freed memory is spread, and RSS creeps up for long without any leak.
    { env: { MALLOC_ARENA_MAX: '1' } },
  )
  await cluster.stop()
  expect(outcome).toMatchObject(CLEAN)
  const [first, , last] = outcome.result
  expect(last.threads).toBe(first.threads)
  expect(last.descriptors).toBe(first.descriptors)
  // V8's young generation grows by 16 MiB once. A leak of a librdkafka handle is 100 KiB and more.
  expect((last.rss - first.rss) / (2 * ROUND)).toBeLessThan(32 * KIB)
})
