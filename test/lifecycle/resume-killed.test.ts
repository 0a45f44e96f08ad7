import { randomInt } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Producer } from '../../src/testing/index.js'
import { expectedOf } from '../support/oracle.js'
import type { Row } from '../support/rows.js'
import { CLEAN, run, startCluster } from '../support/run-program.js'
import { writeLog } from '../support/write-log.js'

/** `TIDEMARK_RESUME_KILLS=200 npx jest … resume-killed` for more. */
const KILLS = Number(process.env.TIDEMARK_RESUME_KILLS ?? 20)
const PARTITIONS = 3
const RECORDS = 600
const RECORDS_OF_A_ROUND = 30
const TIME = 1_700_000_000_000

let cluster: Awaited<ReturnType<typeof startCluster>>
let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-resume-killed-'))
  file = join(folder, 'sink.json')
  cluster = await startCluster({ partitions: PARTITIONS, records: 0 })
})
afterAll(async () => {
  await cluster?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A sink of rows that has them, and the token behind them, in one file. It ends at `rows` rows. */
const sink = (rows: number) => `
  import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
  const file = ${JSON.stringify(file)}
  const stored = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { rows: [] }
  report('started')
  const manager = await open(${cluster.config}, { batchSize: 20, resume: stored.token })
  report('reading')
  const isDone = () => stored.rows.length >= ${rows}
  while (!isDone()) {
    const batch = await manager.poll()
    const partitions = batch.getChild('partition')
    const offsets = batch.getChild('offset')
    for (let i = 0; i < batch.numRows; i++) stored.rows.push(partitions.get(i) + '@' + offsets.get(i))
    stored.token = manager.token()
    const written = openSync(file + '.new', 'w')
    writeSync(written, JSON.stringify(stored))
    fsyncSync(written)
    closeSync(written)
    renameSync(file + '.new', file)
    manager.release(batch)
  }
  await manager.close()
  report('done')
`

/** Kills the sink at a random moment: while it starts, replays or is live. */
async function kill(): Promise<void> {
  const moment = randomInt(0, 5) === 0 ? 'started' : 'reading'
  const further = randomInt(0, 200)
  const outcome = await run(sink(Number.POSITIVE_INFINITY), {
    onReport: async (report, program) => {
      if (report !== moment) return
      await sleep(further)
      program.kill('SIGKILL')
    },
  })
  expect(outcome).toMatchObject({ signal: 'SIGKILL', stderr: '' })
}

const nameOf = ({ partition, offset }: Pick<Row, 'partition' | 'offset'>) =>
  `${partition}@${offset}`

test(`a sink that is killed ${KILLS} times has every row once`, async () => {
  const config = JSON.parse(cluster.config)
  const records = Array.from({ length: RECORDS }, (_, i) => ({
    ...{ topic: 't', partition: randomInt(0, PARTITIONS), value: 'v' },
    // Ties, and one in seven is late.
    timestamp: TIME + (i >> 1) - (i % 7 === 0 ? 20 : 0),
  }))
  const rows = await writeLog({ ...config, 'batch.num.messages': 7 }, records)
  const replay = expectedOf(rows).replay.map(nameOf)

  const visible = Array.from({ length: PARTITIONS }, (_, partition) =>
    rows.filter((row) => row.partition === partition).map(nameOf),
  )
  const nextOffsets = visible.map(({ length }) => length)
  const producer = await Producer.create({ config: { ...config, 'transactional.id': 'rounds' } })
  for (let round = 1; round <= KILLS; round++) {
    await kill()
    // In live, or before the first token: transactions, of which some are aborted.
    const isCommitted = randomInt(0, 3) > 0
    const partitions = new Set<number>()
    await producer.beginTransaction()
    for (let i = 0; i < RECORDS_OF_A_ROUND; i++) {
      const partition = randomInt(0, PARTITIONS)
      partitions.add(partition)
      const offset = nextOffsets[partition] as number
      nextOffsets[partition] = offset + 1
      if (isCommitted) visible[partition]?.push(nameOf({ partition, offset: BigInt(offset) }))
      await producer.send({ topic: 't', partition, timestamp: TIME + RECORDS + round, value: 'w' })
    }
    await producer.flush()
    await (isCommitted ? producer.commitTransaction() : producer.abortTransaction())
    for (const partition of partitions) nextOffsets[partition] = (nextOffsets[partition] ?? 0) + 1
  }
  await producer.close()

  const count = visible.flat().length
  expect(await run(sink(count))).toEqual({ ...CLEAN, result: 'done' })
  const stored: string[] = JSON.parse(await readFile(file, 'utf8')).rows
  expect(stored).toHaveLength(count)
  expect(stored.slice(0, RECORDS)).toEqual(replay)
  const ofPartition = (partition: number) =>
    stored.filter((name) => name.startsWith(`${partition}@`))
  expect(visible.map((_, partition) => ofPartition(partition))).toEqual(visible)
}, 600_000)
