import { ConsumerManager, SourceTopic, type StreamOptions, type Until } from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { openCluster } from '../support/cluster.js'
import { rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'
import { LogScene, placeOf, placesFrom, placesOf, TIME } from './log-scene.js'

let scene: LogScene
beforeEach(async () => {
  scene = new LogScene(openCluster())
  await scene.open()
})
afterEach(() => scene.close())

const sources = () => scene.sources(SourceTopic.fromEarliest(scene.topic))
const everyPartition = (offsets: number[]): Until => ({
  [scene.topic]: Object.fromEntries(offsets.map((offset, partition) => [partition, offset])),
})

test.each<[string, Partial<StreamOptions>]>([
  ['in one batch', {}],
  ['in batches of one row', { batchSize: 1 }],
])('a stream until now ends by itself, %s', async (_, options) => {
  for (const [, source] of sources()) {
    await using manager = await ConsumerManager.create({ ...source, ...options, until: 'now' })
    expect(manager.phase()).toBe('replay')
    // What comes later is not of it.
    await writeLog(scene.cluster.config, scene.records(10, 11))
    const places: string[] = []
    for await (const batch of manager) places.push(...rowsOf(batch).map(placeOf))
    expect(places).toEqual(placesFrom([0, 0, 0, 0]))
    expect(manager.phase()).toBe('ended')
    expect(manager.isLive()).toBe(false)
    expect(manager.getPrimingWatermark()).toBeNull()
    expect(manager.heldMessageCount()).toBe(0)
    expect(manager.pausedPartitionCount()).toBe(0)
    const state = manager.partitionState().toArray()
    expect(state.every(({ is_live }) => is_live)).toBe(true)

    // So does another loop, at once; a poll says why.
    for await (const batch of manager) throw new Error(`${batch.numRows} rows behind the end`)
    for (let i = 0; i < 2; i++) {
      await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_ENDED', retriable: false })
    }
    await manager.close()
    expect(manager.phase()).toBe('ended')
    await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  }
})

test('the poll with the last row is the one that says that the stream has ended', async () => {
  for (const [, source] of sources()) {
    await using manager = await ConsumerManager.create({
      ...source,
      batchSize: 10,
      until: TIME + 30,
    })
    let rows = 0
    while (manager.phase() === 'replay')
      rows += (await manager.poll(Number.POSITIVE_INFINITY)).numRows
    expect(rows).toBe(30)
  }
})

test('a stream until a time ends before the first record of each partition at or past it', async () => {
  for (const [, source] of sources()) {
    expect(await placesOf({ ...source, until: new Date(TIME + 30) })).toEqual(
      placesFrom([0, 0, 0, 0]).slice(0, 30),
    )
    expect(await placesOf({ ...source, until: TIME })).toEqual([])
  }
})

test('a stream until offsets ends before them', async () => {
  const expected = placesFrom([0, 0, 0, 0]).filter((place) => {
    const [partition, offset] = place.split('@').map(Number)
    return (offset as number) < ([4, 10, 0, 1][partition as number] as number)
  })
  for (const [, source] of sources()) {
    const ended = { ...source, until: everyPartition([4, 10, 0, 1]) }
    expect(await placesOf(ended)).toEqual(expected)
    await using manager = await ConsumerManager.create(ended)
    expect([...(manager.partitionState().getChild('replay_end_offset') ?? [])]).toEqual([
      4n,
      10n,
      0n,
      1n,
    ])
  }
})

test('a stream with nothing up to its end has ended from the start', async () => {
  for (const [, options] of scene.sources(SourceTopic.fromLatest(scene.topic))) {
    await using manager = await ConsumerManager.create({ ...options, until: 'now' })
    expect(manager.phase()).toBe('ended')
    await expect(manager.poll()).rejects.toMatchObject({ code: 'ERR_ENDED' })
    for await (const batch of manager) throw new Error(`${batch.numRows} rows`)
  }
})

test('an end that no offset says, that is not there yet, or of a partition that is not, is an error', async () => {
  for (const [, source] of sources()) {
    const failing = (until: Until) => ConsumerManager.create({ ...source, until })
    const lacking = { [scene.topic]: { 0: 1n, 2: 1n } }
    await expect(failing(lacking)).rejects.toMatchObject({
      code: 'ERR_MISSING_OFFSET',
      message: expect.stringContaining('until has no offset for partitions 1 and 3'),
    })
    await expect(failing(everyPartition([1, 1, 1, 12]))).rejects.toMatchObject({
      code: 'ERR_OFFSET_OUT_OF_RANGE',
      partition: 3,
      offset: 12n,
      message: expect.stringContaining('the log ends at offset 10'),
    })
    await expect(failing(everyPartition([1, 1, 1, 1, 1]))).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_PARTITION',
      partition: 4,
    })
  }
})

test('an end behind an open transaction is refused, and one before it is not', async () => {
  const { topic, cluster } = scene
  const config = { ...cluster.config, 'transactional.id': topic }
  const producer = await Producer.create({ config })
  await producer.beginTransaction()
  await producer.send({ topic, partition: 0, timestamp: TIME, value: 'open' })
  await producer.flush()
  const ending = (offset: number) =>
    ConsumerManager.create({
      config: cluster.config,
      topics: [SourceTopic.fromEarliest(topic, { partitions: [0] })],
      until: { [topic]: { 0: offset } },
    })
  await expect(ending(11)).rejects.toMatchObject({
    code: 'ERR_OFFSET_OUT_OF_RANGE',
    message: expect.stringContaining('behind a transaction that is still open'),
  })
  await (await ending(10)).close()
  await producer.abortTransaction()
  await producer.close()
})

test('a capture of a stream that ends is complete when the manager is closed', async () => {
  const [, source] = scene.sources(SourceTopic.fromEarliest(scene.topic))[0] as [string, object]
  const capture = { dir: `${scene.segments}-ended` }
  const options = { ...source, capture, until: TIME + 30 } as never
  const captured = { segments: capture.dir, topics: [SourceTopic.fromEarliest(scene.topic)] }
  expect(await placesOf(options)).toHaveLength(30)
  expect((await placesOf(captured)).slice(0, 30)).toEqual(placesFrom([0, 0, 0, 0]).slice(0, 30))
})

test('several sources end together', async () => {
  const named = sources().map(([_, source], i) => ({ ...source, name: i === 0 ? 'eu' : 'us' }))
  await using manager = await ConsumerManager.create({
    sources: named as never,
    until: { eu: everyPartition([3, 3, 3, 3]), us: everyPartition([2, 2, 2, 2]) } as Until,
  })
  let rows = 0
  for await (const batch of manager) rows += batch.numRows
  expect(rows).toBe(20)
  expect(manager.phase()).toBe('ended')
})
