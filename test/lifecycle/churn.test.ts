import { CLEAN, run, startCluster } from './run.js'

const KIB = 1024
const ROUND = 500

test('a thousand times create and close, without growth', async () => {
  const cluster = await startCluster({ records: 1_000 })
  const outcome = await run(`
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
  `)
  await cluster.stop()
  expect(outcome).toMatchObject(CLEAN)
  const [first, , last] = outcome.result
  expect(last.threads).toBe(first.threads)
  expect(last.descriptors).toBe(first.descriptors)
  // A leak of one librdkafka handle is a hundred KiB and more.
  expect((last.rss - first.rss) / (2 * ROUND)).toBeLessThan(8 * KIB)
})
