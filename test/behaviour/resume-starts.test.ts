// Tokens where they meet starts and ends: the token wins over the starts, and `until` ends again.
import {
  ConsumerManager,
  type ConsumerManagerOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { openCluster } from '../support/cluster.js'
import { replayOf, take, text } from '../support/read-rows.js'
import { rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'
import { LogScene, placeOf, placesFrom, TIME } from './log-scene.js'

const HOUR = 3_600_000

let scene: LogScene
beforeEach(async () => {
  scene = new LogScene(openCluster())
  await scene.open()
})
afterEach(() => scene.close())

/** The token behind `rows` rows. */
async function tokenBehind(rows: number, options: ConsumerManagerOptions): Promise<string> {
  await using manager = await ConsumerManager.create({ ...options, batchSize: 1 })
  await take(manager, rows)
  return manager.token()
}

test('the token wins over every start', async () => {
  const starts = [
    SourceTopic.fromLatest(scene.topic),
    SourceTopic.fromAbsoluteTime(scene.topic, TIME + 30),
    SourceTopic.fromOffsets(scene.topic, { 0: 9n }, { others: 'latest' }),
    SourceTopic.fromCommitted(scene.topic, { group: 'nobody', otherwise: 'fail' }),
  ]
  const earliest = [SourceTopic.fromEarliest(scene.topic)]
  const behindSeven = [
    await tokenBehind(7, { config: scene.cluster.config, topics: earliest }),
    await tokenBehind(7, { segments: scene.segments, topics: earliest }),
  ]
  const rest = placesFrom([0, 0, 0, 0]).slice(7)
  for (const start of starts) {
    await using manager = await ConsumerManager.create({
      config: scene.cluster.config,
      topics: [start],
      resume: behindSeven[0],
      until: 'now',
    })
    expect((await replayOf(manager)).map(placeOf)).toEqual(rest)
  }
  for (const start of starts.slice(0, 3)) {
    await using manager = await ConsumerManager.create({
      segments: scene.segments,
      topics: [start],
      resume: behindSeven[1],
    })
    expect((await replayOf(manager)).map(placeOf)).toEqual(rest)
  }
})

test('a replay that is resumed ends where it was going to, however old what came since is', async () => {
  const config = scene.cluster.config
  const topics = [SourceTopic.fromEarliest(scene.topic)]
  const resume = await tokenBehind(5, { config, topics })
  await writeLog(config, [
    { topic: scene.topic, partition: 2, timestamp: TIME - 1, value: 'older than all' },
  ])
  await using manager = await ConsumerManager.create({ config, topics, resume })
  const rest = placesFrom([0, 0, 0, 0]).slice(5)
  expect((await replayOf(manager)).map(placeOf)).toEqual(rest)
  expect((await take(manager, 1)).map(placeOf)).toEqual(['2@10'])
  expect(manager.isLive()).toBe(true)
})

// Every night: what has arrived since the last one. A token of what had ended was one of a replay that
// has no rows left, and each night ended at once.
test('a stream that has ended goes on with what has arrived since', async () => {
  const options = {
    config: scene.cluster.config,
    topics: [SourceTopic.fromEarliest(scene.topic)],
    until: 'now' as const,
  }
  const read = async (resume?: string) => {
    await using manager = await ConsumerManager.create({ ...options, resume })
    const rows = []
    for await (const batch of manager) rows.push(...rowsOf(batch).map(placeOf))
    expect(manager.phase()).toBe('ended')
    return { rows, token: manager.token() }
  }
  const first = await read()
  expect(first.rows).toEqual(placesFrom([0, 0, 0, 0]))
  expect((await read(first.token)).rows).toEqual([])
  await writeLog(options.config, scene.records(10, 13))
  const second = await read(first.token)
  expect(second.rows).toEqual(placesFrom([10, 10, 10, 10], 13))
  expect((await read(second.token)).rows).toEqual([])
})

// The end that `until` names was taken for that of the log, which had been truncated then.
test('until by offsets may lie before a token', async () => {
  const config = scene.cluster.config
  const topics = [SourceTopic.fromEarliest(scene.topic)]
  const resume = await tokenBehind(40, { config, topics })
  await writeLog(config, scene.records(10, 12))
  const until = { [scene.topic]: { 0: 12n, 1: 11n, 2: 10n, 3: 5n } }
  await using manager = await ConsumerManager.create({ config, topics, resume, until })
  expect((await replayOf(manager)).map(placeOf)).toEqual(['0@10', '1@10', '0@11'])
})

// With cutoffMs all that a live stream had missed lay past the cutoff, and came as it came.
test('what a live stream missed comes in the order of a replay, with the cutoff that it was given', async () => {
  const config = scene.cluster.config
  const options = { topics: [SourceTopic.fromEarliest(scene.topic)], cutoffMs: TIME + 20 }
  const resume = await tokenBehind(40, { config, ...options })
  await writeLog(config, scene.records(10, 60))
  await using manager = await ConsumerManager.create({ config, ...options, resume })
  expect((await replayOf(manager)).map(placeOf)).toEqual(placesFrom([10, 10, 10, 10], 60))
})

// Aborted, and hours ahead: the broker starts there, and what follows is dropped up to the time.
test('a token before the first row of a start by time keeps the time', async () => {
  const topic = await scene.cluster.createTopic('by-time', 2)
  await using producer = await Producer.create({
    config: { ...scene.cluster.config, 'transactional.id': topic },
  })
  const write = async (partition: number, times: number[], commits = true) => {
    await producer.beginTransaction()
    for (const time of times) {
      await producer.send({ topic, partition, timestamp: TIME + time, value: `${time}` })
    }
    await producer.flush()
    await (commits ? producer.commitTransaction() : producer.abortTransaction())
  }
  await write(0, [HOUR], false)
  await write(0, [1, 2, 3, 200, 4])
  await write(1, [100, 101, 102])
  const options: StreamOptions = { batchSize: 1 }
  const stream = {
    config: scene.cluster.config,
    topics: [SourceTopic.fromAbsoluteTime(topic, TIME + 100)],
    ...options,
  }
  const whole = ['100', '101', '102', '200', '4']
  await using manager = await ConsumerManager.create(stream)
  const tokens = [manager.token()]
  const read: (string | null)[] = []
  while (read.length < whole.length) {
    const rows = rowsOf(await manager.poll())
    if (rows.length === 0) continue
    read.push(...rows.map(({ value }) => text(value)))
    tokens.push(manager.token())
  }
  expect(read).toEqual(whole)
  for (const [place, resume] of tokens.entries()) {
    await using rest = await ConsumerManager.create({ ...stream, resume })
    const values = (await replayOf(rest)).map(({ value }) => text(value))
    expect(values).toEqual(whole.slice(place))
  }
})
