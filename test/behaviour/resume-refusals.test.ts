import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConsumerManager,
  type ConsumerManagerOptions,
  describeToken,
  SourceTopic,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { replayOf } from '../support/read-rows.js'
import { nameOf, type Row } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const topics = [SourceTopic.fromEarliest('quotes'), SourceTopic.fromEarliest('trades')]

let cluster: MockCluster
let config: Record<string, string>
/** A capture of the whole log. */
let segments: string
let folder: string
/** Of a replay that was interrupted behind the third of eight rows. */
let token: string

beforeAll(async () => {
  cluster = MockCluster.start()
  config = { 'bootstrap.servers': cluster.bootstrapServers }
  for (const { name } of topics) cluster.createTopic(name, { partitions: 2 })
  await writeLog(
    { ...config, 'batch.num.messages': 1 },
    Array.from({ length: 8 }, (_, i) => ({
      ...{ topic: i % 4 < 2 ? 'quotes' : 'trades', partition: i % 2, timestamp: TIME + i },
      value: `${i}`,
    })),
  )
  folder = await mkdtemp(join(tmpdir(), 'tidemark-refusals-'))
  segments = join(folder, 'capture')
  await using whole = await ConsumerManager.create({
    ...{ config, topics },
    capture: { dir: segments, onError: 'stream' },
  })
  await replayOf(whole)
  token = await tokenBehind({ config, topics }, 3)
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

async function tokenBehind(options: ConsumerManagerOptions, polls: number): Promise<string> {
  await using manager = await ConsumerManager.create({ ...options, batchSize: 1 })
  for (let i = 0; i < polls; i++) expect((await manager.poll()).numRows).toBe(1)
  return manager.token()
}

async function rowsOf(options: ConsumerManagerOptions): Promise<Row[]> {
  await using manager = await ConsumerManager.create(options)
  return await replayOf(manager)
}

const names = (rows: Row[]) => rows.map(nameOf)

async function refused(options: ConsumerManagerOptions) {
  const manager = ConsumerManager.create(options).then((manager) => manager.close())
  const error = await manager.then(
    () => undefined,
    (error) => error,
  )
  return error as { code: string; message: string; topic?: string; partition?: number } | undefined
}

/** A copy of the capture, changed. */
async function copyOf(change: (copy: string) => Promise<unknown>): Promise<string> {
  const copy = await mkdtemp(join(folder, 'copy-'))
  await cp(segments, copy, { recursive: true })
  await change(copy)
  return copy
}

test('a token of brokers is gone on from in the files of their log, and the other way round', async () => {
  const whole = names(await rowsOf({ config, topics }))
  expect(names(await rowsOf({ config, topics, resume: token }))).toEqual(whole.slice(3))
  expect(names(await rowsOf({ segments, topics, resume: token }))).toEqual(whole.slice(3))
  const ofFiles = await tokenBehind({ segments, topics }, 5)
  expect(names(await rowsOf({ config, topics, resume: ofFiles }))).toEqual(whole.slice(5))
})

test('a token says what it is of', () => {
  const { sources, ...stream } = describeToken(token)
  expect(stream).toEqual({
    version: 1,
    phase: 'replay',
    isolationLevel: 'read_committed',
    onLateRecord: 'count',
    cutoffMs: null,
  })
  const [source] = sources
  expect(source?.clusterId).toMatch(/./)
  expect(source?.topics.map(({ name }) => name)).toEqual(['quotes', 'trades'])
  expect(source?.topics[0]?.partitions[0]).toMatchObject({
    partition: 0,
    nextOffset: 1n,
    mergeKey: BigInt(TIME),
    endOffset: 2n,
  })
})

test('a token stays after the stream was closed', async () => {
  const manager = await ConsumerManager.create({ config, topics, batchSize: 1 })
  for (let i = 0; i < 3; i++) await manager.poll()
  const before = manager.token()
  await manager.close()
  expect(manager.token()).toBe(before)
})

test.each<[string, string, RegExp, () => Partial<ConsumerManagerOptions>]>([
  [
    'another isolation level',
    'ERR_TOKEN_MISMATCH',
    /give 'read_committed'/,
    () => ({ isolationLevel: 'read_uncommitted' }),
  ],
  [
    'late records as errors, which it may have released',
    'ERR_TOKEN_MISMATCH',
    /give 'count'/,
    () => ({ onLateRecord: 'error' }),
  ],
  ['another end', 'ERR_TOKEN_MISMATCH', /leave it out/, () => ({ cutoffMs: TIME + 5 })],
  [
    'fewer topics',
    'ERR_TOKEN_MISMATCH',
    /'trades', which topics lacks; give it/,
    () => ({ topics: topics.slice(0, 1) }),
  ],
  [
    'a string that is cut off',
    'ERR_TOKEN_DAMAGED',
    /^resume: .*give it whole/,
    () => ({ resume: token.slice(0, -1) }),
  ],
  [
    'a token of a newer tidemark',
    'ERR_TOKEN_TOO_NEW',
    /^resume: .*has version 2/,
    () => ({ resume: token.replace('tm1', 'tm2') }),
  ],
  [
    'what is no string',
    'ERR_INVALID_OPTION',
    /resume must be a token/,
    () => ({ resume: 5 as unknown as string }),
  ],
])('refused: %s', async (_, code, says, changes) => {
  const error = await refused({
    ...{ config, topics, resume: token },
    ...changes(),
  } as ConsumerManagerOptions)
  expect(error).toMatchObject({ code, message: expect.stringMatching(says) })
})

test('refused: another cluster', async () => {
  await using other = MockCluster.start()
  for (const { name } of topics) other.createTopic(name, { partitions: 2 })
  const error = await refused({
    config: { 'bootstrap.servers': other.bootstrapServers },
    topics,
    resume: token,
  })
  expect(error).toMatchObject({
    code: 'ERR_TOKEN_MISMATCH',
    message: expect.stringMatching(/of the cluster .* give the brokers of that cluster/),
  })
})

test('refused: sources that lack the one of the token, or have one without', async () => {
  const named = { sources: [{ name: 'eu', config, topics }] } as const
  expect(
    await refused({ ...named, resume: token } as unknown as ConsumerManagerOptions),
  ).toMatchObject({ code: 'ERR_TOKEN_MISMATCH', message: expect.stringMatching(/without sources/) })
  await using manager = await ConsumerManager.create(named)
  expect(await refused({ config, topics, resume: manager.token() })).toMatchObject({
    code: 'ERR_TOKEN_MISMATCH',
    message: expect.stringMatching(/the source "eu"/),
  })
})

test('late records are counted where they were an error before', async () => {
  const strict = await tokenBehind({ config, topics, onLateRecord: 'error' }, 3)
  expect(await rowsOf({ config, topics, resume: strict })).toHaveLength(5)
})

describe('a folder of segments', () => {
  test('is refused that lacks a partition of the token', async () => {
    const copy = await copyOf((copy) => rm(join(copy, 'trades-1'), { recursive: true }))
    expect(await refused({ segments: copy, topics, resume: token })).toMatchObject({
      code: 'ERR_TOKEN_MISMATCH',
      topic: 'trades',
      partition: 1,
    })
  })

  test('is refused that is of another cluster, or of another topic of the name', async () => {
    const other = await copyOf((copy) =>
      writeFile(join(copy, 'meta.properties'), 'version=1\ncluster.id=OtherClusterOtherClust\n'),
    )
    expect(await refused({ segments: other, topics, resume: token })).toMatchObject({
      code: 'ERR_TOKEN_MISMATCH',
      message: expect.stringMatching(/this is 'OtherClusterOtherClust'/),
    })
    const write = (id: string) =>
      copyOf((copy) =>
        writeFile(join(copy, 'trades-0', 'partition.metadata'), `version: 0\ntopic_id: ${id}`),
      )
    const known = await write('TpfWHMuiRJ-8Yt0E4cOOIA')
    const ofKnown = await tokenBehind({ segments: known, topics }, 3)
    expect(describeToken(ofKnown).sources[0]?.topics[1]?.id).toBe('TpfWHMuiRJ-8Yt0E4cOOIA')
    expect(await rowsOf({ segments: known, topics, resume: ofKnown })).toHaveLength(5)
    expect(
      await refused({ segments: await write('AAAWHMuiRJ-8Yt0E4cOOIA'), topics, resume: ofKnown }),
    ).toMatchObject({ code: 'ERR_TOPIC_RECREATED', topic: 'trades' })
  })

  test('is refused that ends before the end of the replay', async () => {
    const copy = await copyOf(async (copy) => {
      const [segment = ''] = (await readdir(join(copy, 'trades-1'))).filter((name) =>
        name.endsWith('.log'),
      )
      await writeFile(join(copy, 'trades-1', segment), '')
    })
    expect(await refused({ segments: copy, topics, resume: token })).toMatchObject({
      code: 'ERR_LOG_TRUNCATED',
      topic: 'trades',
      partition: 1,
    })
  })
})

test('a topic that the token does not have takes part from its own start', async () => {
  const ofTrades = await tokenBehind({ config, topics: topics.slice(1) }, 2)
  const rows = await rowsOf({ config, topics, resume: ofTrades })
  expect(rows.map(({ topic, offset }) => `${topic}@${offset}`)).toEqual([
    ...['quotes@0', 'quotes@0', 'quotes@1', 'quotes@1', 'trades@1', 'trades@1'],
  ])
})
