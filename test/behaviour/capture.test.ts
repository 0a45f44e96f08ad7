import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CaptureOptions,
  type ClientEvent,
  ConsumerManager,
  SourceTopic,
} from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { replayOf, take } from '../support/read-rows.js'
import { digestOf, type Row } from '../support/rows.js'
import { until } from '../support/until.js'
import { writeLog } from '../support/write-log.js'

const KIB = 1024
const SEGMENT = 64 * KIB
const DEADLINE_MS = 60_000

let cluster: MockCluster
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-capture-'))
  cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 2 })
})
afterEach(async () => {
  await cluster.close()
  await rm(folder, { recursive: true, force: true })
})

const config = () => ({ 'bootstrap.servers': cluster.bootstrapServers })

async function open(capture: Partial<CaptureOptions> = {}) {
  const dir = join(folder, 'capture')
  const events: ClientEvent[] = []
  const manager = await ConsumerManager.create({
    config: config(),
    topics: [SourceTopic.fromEarliest('t')],
    capture: { dir, segmentBytes: SEGMENT, ...capture },
    onEvent: (event) => events.push(event),
  })
  const ended = () => events.filter(({ type }) => type === 'captureEnded')
  return { manager, dir, ended }
}

/** Once the capture has made all that it makes before a record comes. */
async function removeFolder(dir: string): Promise<void> {
  await until('both partitions have a folder', async () => (await readdir(dir)).length === 2)
  await rm(dir, { recursive: true })
}

/** 10 KB each, in record batches of one, so that six are a segment. */
async function write(records: number): Promise<Row[]> {
  const all = Array.from({ length: records }, (_, i) => ({
    ...{ topic: 't', partition: 0, timestamp: 1_700_000_000_000 + i },
    value: `${i}`.padStart(10_000, '.'),
  }))
  return writeLog({ ...config(), 'batch.num.messages': 1 }, all)
}

test('segments are complete as they fill, and the last ones when the manager is closed', async () => {
  const written = await write(20)
  const { manager, dir, ended } = await open()
  expect(digestOf(await replayOf(manager))).toBe(digestOf(written))
  await until('three are complete', async () => {
    const names = await readdir(join(dir, 't-0'))
    return names.filter((name) => name.endsWith('.log')).length === 3
  })
  await manager.close()
  expect((await readdir(dir)).sort()).toEqual(['t-0', 't-1'])
  expect((await readdir(join(dir, 't-0'))).sort()).toEqual(
    [0, 6, 12, 18].map((offset) => `${`${offset}`.padStart(20, '0')}.log`),
  )
  expect(await readdir(join(dir, 't-1'))).toEqual([])
  expect(ended()).toEqual([])
  await using replay = await ConsumerManager.create({
    segments: dir,
    topics: [SourceTopic.fromEarliest('t')],
  })
  expect(digestOf(await replayOf(replay))).toBe(digestOf(written))
})

test('no more than maxBytes stay, and they are the newest', async () => {
  const { manager, dir } = await open({ maxBytes: 3 * SEGMENT })
  await write(40)
  await replayOf(manager)
  await until('the last one is read', async () => {
    await manager.poll()
    return (await readdir(join(dir, 't-0'))).some((name) =>
      name.startsWith(`${36}`.padStart(20, '0')),
    )
  })
  await manager.close()
  const names = (await readdir(join(dir, 't-0'))).sort()
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(dir, 't-0', name))).size),
  )
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3 * SEGMENT)
  expect(names.at(-1)).toBe(`${`${36}`.padStart(20, '0')}.log`)
  expect(names.length).toBeGreaterThan(1)
})

test('a folder with anything in it is refused, and nothing in it is touched', async () => {
  const dir = join(folder, 'capture')
  await mkdir(dir)
  await writeFile(join(dir, 'notes.txt'), 'mine')
  await expect(open()).rejects.toMatchObject({
    code: 'ERR_CAPTURE',
    message: expect.stringContaining('is not empty'),
  })
  expect(await readdir(dir)).toEqual(['notes.txt'])
})

test('a folder that cannot be made is an error of create', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(open({ dir: join(folder, 'file', 'capture') })).rejects.toMatchObject({
    code: 'ERR_CAPTURE',
    message: expect.stringContaining('Not a directory'),
  })
})

test('a fault of the disk ends the capture, and the stream goes on', async () => {
  const { manager, dir, ended } = await open()
  await removeFolder(dir)
  const written = await write(20)
  const rows = await take(manager, 20)
  await until('the event', () => ended().length > 0, DEADLINE_MS)
  expect(digestOf(rows)).toBe(digestOf(written))
  await manager.close()
  expect(ended()).toEqual([
    { type: 'captureEnded', message: expect.stringContaining('No such file or directory') },
  ])
})

test("with onError 'stream' a fault of the disk ends the stream", async () => {
  const { manager, dir, ended } = await open({ onError: 'stream' })
  await removeFolder(dir)
  await write(20)
  const readAll = async () => {
    for (;;) await manager.poll()
  }
  await expect(readAll()).rejects.toMatchObject({
    code: 'ERR_CAPTURE',
    message: expect.stringContaining('No such file or directory'),
    retriable: false,
  })
  await manager.close()
  expect(ended()).toEqual([])
})

test("with onError 'stream' a queue of one fetch is enough for all of them", async () => {
  const written = await write(400)
  const { manager, dir, ended } = await open({ onError: 'stream', maxQueuedBytes: 1024 * KIB })
  expect(digestOf(await replayOf(manager))).toBe(digestOf(written))
  await manager.close()
  expect((await readdir(join(dir, 't-0'))).length).toBe(Math.ceil(400 / 6))
  expect(ended()).toEqual([])
})
