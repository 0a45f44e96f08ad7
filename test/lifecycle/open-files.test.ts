import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeBatch } from '../support/hostile-broker/index.js'
import { run } from '../support/run-program.js'

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

/** `sources` of a stream read the same folder. The first stream has loaded what Node opens for it. */
const create = (sources: number) => `
  import { openSync } from 'node:fs'
  const sources = Array.from({ length: ${sources} }, (_, i) => ({
    name: 'copy ' + i, segments: ${JSON.stringify(folder)}, topics: [SourceTopic.fromEarliest('t')],
  }))
  const create = () => ConsumerManager.create({ sources })
  await (await create()).close()
`

/** `others` files are open beside those of the replay. */
const replayWith = (sources: number, openFiles: number, others: number) =>
  run(
    `${create(sources)}
    for (let i = 0; i < ${others}; i++) openSync('/dev/null')
    const before = descriptors()
    const manager = await create()
    let last = -Infinity, rows = 0, most = 0, inOrder = true
    while (!manager.isLive()) {
      const batch = await manager.poll(1_000)
      most = Math.max(most, descriptors() - before)
      for (const { timestamp } of batch.toArray()) {
        inOrder &&= timestamp >= last
        last = timestamp
        rows++
      }
    }
    await manager.close()
    report({ rows, inOrder, most, left: descriptors() - before })
    `,
    { openFiles },
  )

test.each([
  [1, 1024, 0, 128],
  [1, 256, 0, 64],
  [1, 128, 0, 32],
  // All together have no more than one has.
  [5, 256, 0, 64],
  // Few are left of them: some are closed so that there are others, for the program, too.
  [1, 256, 215, 20],
  [5, 256, 215, 20],
])(
  '%i sources of 300 partitions are replayed with %i open files, %i of them taken',
  async (sources, limit, others, most) => {
    const { result, ...outcome } = await replayWith(sources, limit, others)
    expect(outcome).toMatchObject({ status: 0, signal: null, stderr: '' })
    expect(result).toMatchObject({ rows: sources * RECORDS, inOrder: true, left: 0 })
    // Each source has one more open while it reads.
    expect(result.most).toBeLessThanOrEqual(most + sources)
  },
)

test('where none is left, create says what to do', async () => {
  const { result } = await run(
    `${create(1)}
    try {
      for (;;) openSync('/dev/null')
    } catch {}
    await create().then(
      () => report('created'),
      ({ code, message, retriable }) => report({ code, message, retriable }),
    )`,
    { openFiles: 256 },
  )
  expect(result).toMatchObject({ code: 'ERR_SEGMENT_UNREADABLE', retriable: true })
  expect(result.message).toMatch(/Too many open files; raise .*ulimit -n/)
})
