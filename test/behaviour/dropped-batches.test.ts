import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MockCluster } from '../../src/testing/index.js'
import { writeLog } from '../support/write-log.js'

const BATCHES = 2_000
const ROWS = 25
const VALUE_BYTES = 16 * 1024

/** The process of its own is not told to collect, as no user's is. */
test('the memory of batches that are dropped comes back', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('t')
  const value = new Uint8Array(VALUE_BYTES)
  await writeLog(
    { 'bootstrap.servers': cluster.bootstrapServers, 'compression.codec': 'lz4' },
    (function* () {
      for (let i = 0; i < BATCHES * ROWS; i++) {
        yield { topic: 't', partition: 0, timestamp: 1_700_000_000_000 + i, value }
      }
    })(),
  )
  const program = join(__dirname, '../support/drop-batches.mjs')
  const args = [program, cluster.bootstrapServers, 't', `${ROWS}`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const { batches, readMiB, grownMiB } = JSON.parse(stdout)
  expect(batches).toBeGreaterThanOrEqual(BATCHES - 1)
  expect(readMiB).toBeGreaterThan(700)
  expect(grownMiB).toBeLessThan(350)
})
