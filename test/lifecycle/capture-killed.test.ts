import { randomInt } from 'node:crypto'
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { replayOf } from '../support/read-rows.js'
import { digestOf, type Row } from '../support/rows.js'
import { CLEAN, run, startCluster } from '../support/run-program.js'
import { until } from '../support/until.js'

const PARTITIONS = 4
const RECORDS = 80_000
const KILLS = 5

let cluster: Awaited<ReturnType<typeof startCluster>>
let folder: string
/** Of each partition. */
let written: Row[][]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-capture-killed-'))
  cluster = await startCluster({ partitions: PARTITIONS, records: RECORDS })
  written = await readPartitions({ config: JSON.parse(cluster.config) })
})
afterAll(async () => {
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

const topics = [SourceTopic.fromEarliest('t')]

async function readPartitions(from: { config: Record<string, string> } | { segments: string }) {
  await using manager = await ConsumerManager.create({ ...from, topics })
  const rows = await replayOf(manager)
  return Array.from({ length: PARTITIONS }, (_, p) =>
    rows.filter(({ partition }) => partition === p),
  )
}

/** A program that captures, and goes on for ever. */
const capturing = (dir: string, ending = 'setInterval(() => {}, 1_000)') => `
  const capture = { dir: ${JSON.stringify(dir)}, segmentBytes: 65_536 }
  const manager = await open(${cluster.config}, { batchSize: 500, capture })
  report('capturing')
  await replay(manager)
  ${ending}
`

/** The files of each partition that has a folder, by name. */
async function filesOf(dir: string): Promise<string[][]> {
  const folders = Array.from({ length: PARTITIONS }, (_, p) => join(dir, `t-${p}`))
  return Promise.all(
    folders.map((each) =>
      readdir(each).then(
        (names) => names.sort(),
        () => [],
      ),
    ),
  )
}

const isPart = (name: string) => name.endsWith('.part')

/** How many of each partition's rows these are: the first ones, without a gap. */
function countsOf(rows: Row[][]): number[] {
  const counts = rows.map(({ length }) => length)
  const expected = written.map((all, p) => all.slice(0, counts[p]))
  expect(rows.map(digestOf)).toEqual(expected.map(digestOf))
  return counts
}

/**
 * What a process has left that did not close its manager: complete segments, and of each partition
 * one, at its end, that is not complete and has another name.
 */
async function expectLeft(dir: string): Promise<void> {
  const files = await filesOf(dir)
  for (const names of files) {
    expect(names.slice(0, -1).filter((name) => !/^\d{20}\.log$/.test(name))).toEqual([])
  }
  const counts = countsOf(await readPartitions({ segments: dir }))
  for (const [p, names] of files.entries()) {
    const newest = names.at(-1)
    if (newest && isPart(newest)) expect(Number.parseInt(newest, 10)).toBe(counts[p])
    else if (newest) expect(counts[p]).toBeGreaterThan(Number.parseInt(newest, 10))
  }

  const config = JSON.parse(cluster.config)
  await expect(ConsumerManager.create({ config, topics, capture: { dir } })).rejects.toMatchObject({
    code: 'ERR_CAPTURE_IN_USE',
    message: expect.stringContaining('name a new or an empty folder'),
  })
  expect(await filesOf(dir)).toEqual(files)

  // As docs/api.md says: with its own name what is not complete is read up to where it breaks off.
  let bytes = 0
  for (const [p, names] of files.entries()) {
    for (const name of names.filter(isPart)) {
      const path = join(dir, `t-${p}`, name)
      bytes += (await stat(path)).size
      await rename(path, path.slice(0, -'.part'.length))
    }
  }
  const recovered = countsOf(await readPartitions({ segments: dir }))
  const more = recovered.map((count, p) => count - (counts[p] ?? 0))
  expect(Math.min(...more)).toBeGreaterThanOrEqual(0)
  // A record batch that was begun may be all that there is.
  if (bytes === 0) expect(Math.max(...more)).toBe(0)
}

const kills = Array.from({ length: KILLS }, (_, i) => [i, randomInt(1, 100), randomInt(0, 20)])
test.each(kills as [number, number, number][])(
  'what a killed process has captured is whole up to a record, kill %i, at %i segments and %i ms',
  async (kill, segments, further) => {
    const dir = join(folder, `${kill}`)
    const outcome = await run(capturing(dir), {
      onReport: async (_, program) => {
        const enough = async () => (await filesOf(dir)).flat().length >= segments
        await until(`${segments} segments`, enough)
        await sleep(further)
        program.kill('SIGKILL')
      },
    })
    expect(outcome).toMatchObject({ signal: 'SIGKILL', result: 'capturing' })
    await expectLeft(dir)
  },
)

test('process.exit leaves what a kill leaves', async () => {
  const dir = join(folder, 'exit')
  expect(await run(capturing(dir, 'process.exit()'))).toEqual({ ...CLEAN, result: 'capturing' })
  expect((await filesOf(dir)).flat().length).toBeGreaterThan(0)
  await expectLeft(dir)
})

test.each([
  ['that ends by itself', ''],
  ['that closes the manager', 'await manager.close()'],
])('a process %s completes its capture', async (name, ending) => {
  const dir = join(folder, name)
  expect(await run(capturing(dir, ending))).toEqual({ ...CLEAN, result: 'capturing' })
  expect((await filesOf(dir)).flat().filter(isPart)).toEqual([])
  const counts = countsOf(await readPartitions({ segments: dir }))
  expect(counts).toEqual(Array(PARTITIONS).fill(RECORDS / PARTITIONS))
})
