import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBatch } from '../support/hostile-broker/index.js'
import { CLEAN, run } from '../support/run-program.js'

const PARTITIONS = 300
const SEGMENTS = 4
const PER_SEGMENT = 3
const RECORDS = PARTITIONS * SEGMENTS * PER_SEGMENT

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-open-files-'))
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const path = join(folder, `t-${partition}`)
    await mkdir(path)
    for (let segment = 0; segment < SEGMENTS; segment++) {
      const baseOffset = segment * PER_SEGMENT
      // Every partition has something of every time, so that all of them are read side by side.
      const records = Array.from({ length: PER_SEGMENT }, (_, i) => ({
        value: `${partition} ${baseOffset + i}`,
        timestampDelta: (baseOffset + i) * PARTITIONS + partition,
      }))
      const name = `${String(baseOffset).padStart(20, '0')}.log`
      await writeFile(join(path, name), encodeBatch({ baseOffset, records }))
    }
  }
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

/** `others` files are open beside those of the replay; none is left of it in the end. */
const replayWith = (openFiles: number, others = 0) =>
  run(
    `
      import { openSync } from 'node:fs'
      const before = descriptors()
      const held = Array.from({ length: ${others} }, () => openSync('/dev/null'))
      try {
        const manager = await ConsumerManager.create({
          segments: ${JSON.stringify(folder)}, topics: [SourceTopic.fromEarliest('t')],
        })
        let last = -Infinity, rows = 0, mostOpen = 0
        while (!manager.isLive()) {
          const batch = await manager.poll(1_000)
          mostOpen = Math.max(mostOpen, descriptors() - before - held.length)
          for (const row of batch.toArray()) {
            if (row.timestamp < last) throw new Error('not in order')
            last = row.timestamp
            rows++
          }
        }
        await manager.close()
        report({ rows, mostOpen, left: descriptors() - before - held.length })
      } catch ({ code, message }) {
        report({ code, message })
      }
    `,
    { openFiles },
  )

test.each([
  [1024, 0, 128],
  [256, 0, 64],
  [128, 0, 32],
  // Next to nothing is left of them: files are closed to open others.
  [256, 200, 64],
])('%i open files, %i of them taken: 300 partitions are replayed', async (limit, others, most) => {
  const { result, ...outcome } = await replayWith(limit, others)
  expect({ ...outcome, result: null }).toEqual(CLEAN_WITHOUT_RESULT)
  expect(result).toMatchObject({ rows: RECORDS })
  // What Node and the engine open for themselves is few.
  expect(result.mostOpen).toBeLessThan(most + 20)
  expect(result.left).toBeLessThan(20)
})

const CLEAN_WITHOUT_RESULT = { ...CLEAN, result: null }

test('where none is left, create says what to do', async () => {
  const outcome = await run(
    `
      import { openSync } from 'node:fs'
      import 'apache-arrow'
      const { ConsumerManager: loaded } = await import('tidemark')
      try {
        for (;;) openSync('/dev/null')
      } catch {}
      await loaded
        .create({ segments: ${JSON.stringify(folder)}, topics: [SourceTopic.fromEarliest('t')] })
        .then(() => report('created'), ({ code, message, retriable }) =>
          report({ code, message, retriable }))
    `,
    { openFiles: 64 },
  )
  expect(outcome.result).toMatchObject({ code: 'ERR_SEGMENT_UNREADABLE', retriable: true })
  expect(outcome.result.message).toMatch(/Too many open files; raise .*ulimit -n/)
})
