import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConsumerManager,
  describeToken,
  type MultiSourceOptions,
  SourceTopic,
} from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { replayOf, take, text } from '../support/read-rows.js'
import { nameOf, type Row, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const topics = [SourceTopic.fromEarliest('t')]

/** Resumes behind each row of the replay of `options`. */
async function resumeBehindEachRow(options: MultiSourceOptions): Promise<Row[]> {
  const whole: Row[] = []
  const tokens: string[] = []
  await using manager = await ConsumerManager.create({ ...options, batchSize: 1 })
  do {
    tokens.push(manager.token())
    whole.push(...rowsOf(await manager.poll()))
  } while (!manager.isLive())
  const namesOf = (rows: Row[]) => rows.map((row) => `${text(row.value)} ${nameOf(row)}`)
  for (const [i, token] of tokens.entries()) {
    await using resumed = await ConsumerManager.create({ ...options, resume: token })
    expect(namesOf(await replayOf(resumed))).toEqual(namesOf(whole.slice(i)))
  }
  return whole
}

test('a stream of a cluster and a folder, with ties between them, goes on behind each row', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-resume-sources-'))
  await using cluster = MockCluster.start()
  try {
    cluster.createTopic('t', { partitions: 2 })
    const config = { 'bootstrap.servers': cluster.bootstrapServers }
    await writeLog(
      { ...config, 'batch.num.messages': 2 },
      Array.from({ length: 12 }, (_, i) => ({
        ...{ topic: 't', partition: i % 2, value: `${i}` },
        timestamp: TIME + (i >> 2) - (i === 7 ? 50 : 0),
      })),
    )
    const capture = { dir: join(folder, 'log'), onError: 'stream' as const }
    await using whole = await ConsumerManager.create({ config, topics, capture })
    await replayOf(whole)
    await whole.close()
    const sources = [
      { name: 'eu', config, topics },
      { name: 'archive', segments: capture.dir, topics },
    ]
    expect(await resumeBehindEachRow({ sources })).toHaveLength(24)
    await using manager = await ConsumerManager.create({ sources })
    expect(describeToken(manager.token()).sources.map(({ name }) => name)).toEqual([
      'archive',
      'eu',
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('what is behind transaction markers and aborted records is gone on with', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 2 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  await using producer = await Producer.create({ config: { ...config, 'transactional.id': 't' } })
  for (let round = 0; round < 6; round++) {
    await producer.beginTransaction()
    for (let i = 0; i < 4; i++) {
      const timestamp = TIME + round * 10 - (i === 3 ? 25 : 0)
      await producer.send({ topic: 't', partition: i % 2, timestamp, value: `${round}.${i}` })
    }
    await producer.flush()
    await (round % 3 === 1 ? producer.abortTransaction() : producer.commitTransaction())
  }
  const sources = [{ name: 'eu', config, topics }]
  expect(await resumeBehindEachRow({ sources })).toHaveLength(16)
})

test('live is gone on with as a replay of what has arrived, then live', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 2 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  const producer = await Producer.create({ config })
  const send = async (partition: number, time: number) => {
    await producer.send({ topic: 't', partition, timestamp: TIME + time, value: `${time}` })
    await producer.flush()
  }
  await send(0, 1_000)
  await send(1, 100)
  const token = await (async () => {
    await using manager = await ConsumerManager.create({ config, topics })
    await take(manager, 2)
    expect(manager.isLive()).toBe(true)
    return manager.token()
  })()
  expect(describeToken(token).phase).toBe('live')
  // Of partition 0 a late record. With offsets alone it would come first.
  await send(0, 500)
  await send(1, 600)
  await send(1, 700)
  await using resumed = await ConsumerManager.create({ config, topics, resume: token })
  expect(resumed.isLive()).toBe(false)
  const valuesOf = (rows: Row[]) => rows.map(({ value }) => text(value))
  expect(valuesOf(await replayOf(resumed))).toEqual(['600', '700', '500'])
  const late = [...(resumed.partitionState().getChild('late_records') ?? [])]
  expect(late).toEqual([1n, 0n])
  await send(1, 800)
  expect(valuesOf(await take(resumed, 1))).toEqual(['800'])
  await using again = await ConsumerManager.create({ config, topics, resume: resumed.token() })
  expect(again.isLive()).toBe(true)
  await producer.close()
})
