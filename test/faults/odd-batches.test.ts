import { ConsumerManager, SourceTopic } from '../../src/index.js'
import {
  BATCH_TIME,
  CONTROL,
  DELETE_HORIZON,
  type HostileBroker,
  type HostileLog,
  LOG_APPEND_TIME,
  TRANSACTIONAL,
  transactionMarker,
} from '../support/hostile-broker/index.js'
import { setHostileScene, THREE } from './hostile-scene.js'
import { offsetsOf, range, readReplay } from './read-replay.js'

const EMPTY = { records: [], baseTimestamp: -1, maxTimestamp: -1, lastOffsetDelta: 2 }

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
})

describe('batches that compaction emptied', () => {
  test('are passed over, 40 in a row', async () => {
    log.append(THREE)
    for (let i = 0; i < 40; i++) log.append(EMPTY)
    log.append(THREE)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0, 1, 2, 123, 124, 125])
    expect(outcome.gaps).toBe(0)
  })

  test('are passed over, 40 in a row and one in each response', async () => {
    log.append(THREE)
    for (let i = 0; i < 40; i++) log.append(EMPTY)
    log.append(THREE)
    log.maxBytes = 1
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0, 1, 2, 123, 124, 125])
  })

  test.each([1, 40])(
    'do not keep a replay from its end when they are the last %i',
    async (count) => {
      log.append(THREE)
      for (let i = 0; i < count; i++) log.append(EMPTY)
      const outcome = await readReplay(broker)
      expect(outcome.error).toBeNull()
      expect(offsetsOf(outcome)).toEqual(range(3))
    },
  )

  test('are an empty replay where there is nothing else', async () => {
    log.append(EMPTY)
    expect(await readReplay(broker)).toMatchObject({ error: null, rows: [] })
  })

  test('are passed over when they are compressed', async () => {
    log
      .append(THREE)
      .append({ ...EMPTY, codec: 'gzip', compressed: new Uint8Array() })
      .append(THREE)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0, 1, 2, 6, 7, 8])
  })
})

test('timestamps are right in a batch with a delete horizon, whose base is a time of the broker', async () => {
  const horizon = BATCH_TIME + 86_400_000
  log.append({
    attributes: DELETE_HORIZON,
    baseTimestamp: horizon,
    maxTimestamp: BATCH_TIME + 7,
    records: [5, 6, 7].map((at) => ({ timestampDelta: BATCH_TIME + at - horizon })),
  })
  const outcome = await readReplay(broker)
  expect(outcome.error).toBeNull()
  expect(outcome.rows.map(({ timestamp }) => Number(timestamp) - BATCH_TIME)).toEqual([5, 6, 7])
})

describe('log-append time', () => {
  const batch = (maxTimestamp: number, attributes = LOG_APPEND_TIME) => ({
    attributes,
    maxTimestamp,
    records: [{ timestampDelta: 100 }, { timestampDelta: 200 }],
  })

  test('is the time of every record of its batch', async () => {
    log.append(batch(BATCH_TIME + 5)).append(batch(BATCH_TIME + 9))
    const { rows } = await readReplay(broker)
    expect(rows.map(({ timestamp }) => Number(timestamp) - BATCH_TIME)).toEqual([5, 5, 9, 9])
  })

  test('may begin and end in the middle of a topic', async () => {
    log
      .append(batch(BATCH_TIME + 200, 0))
      .append(batch(BATCH_TIME + 300))
      .append(batch(BATCH_TIME + 200, 0))
    const { rows, error } = await readReplay(broker)
    expect(error).toBeNull()
    expect(rows.map(({ timestamp }) => Number(timestamp) - BATCH_TIME)).toEqual([
      100, 200, 300, 300, 100, 200,
    ])
  })

  test('is told by the column timestamp_type, batch by batch', async () => {
    log
      .append(batch(BATCH_TIME + 200, 0))
      .append(batch(BATCH_TIME + 300))
      .append(batch(BATCH_TIME + 200, 0))
    await using manager = await ConsumerManager.create({
      config: broker.config,
      topics: [SourceTopic.fromEarliest('t')],
      columns: ['timestamp_type', 'offset'],
    })
    const types: (string | null)[] = []
    while (!manager.isLive()) {
      const rows = await manager.poll(30_000)
      types.push(...(rows.getChild('timestamp_type') ?? []))
    }
    const [create, append] = ['CreateTime', 'LogAppendTime']
    expect(types).toEqual([create, create, append, append, create, create])
  })
})

test('timestamps as far apart as they can be come out right', async () => {
  const largest = 2n ** 63n - 1n
  log.append({ baseTimestamp: -1, records: [{ timestampDelta: 0 }], maxTimestamp: -1 })
  log.append({ baseTimestamp: -largest, records: [{ timestampDelta: 0 }] })
  log.append({ baseTimestamp: largest, records: [{ timestampDelta: 0 }, { timestampDelta: 1 }] })
  const { rows, error } = await readReplay(broker)
  expect(error).toBeNull()
  expect(rows.map(({ timestamp }) => timestamp)).toEqual([null, -largest, largest, -largest - 1n])
})

describe('transactions', () => {
  const data = (producerId: number, value: string) => ({
    attributes: TRANSACTIONAL,
    producerId,
    records: [{ value }],
  })
  const valuesOf = ({ rows }: Awaited<ReturnType<typeof readReplay>>) =>
    rows.map(({ value }) => value)

  test('come out right where one producer aborts and then commits in one response', async () => {
    log.append(data(7, 'aborted')).append(transactionMarker('abort', 7))
    log.append(data(7, 'committed')).append(transactionMarker('commit', 7))
    log.aborted = [{ producerId: 7, firstOffset: 0 }]
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(valuesOf(outcome)).toEqual(['committed'])
  })

  test('come out right where they are interleaved', async () => {
    log
      .append(data(7, '7 aborted'))
      .append(data(8, '8 committed'))
      .append({ records: [{ value: 'plain' }] })
    log.append(data(9, '9 aborted')).append(data(7, '7 aborted'))
    log.append(transactionMarker('commit', 8)).append(transactionMarker('abort', 7))
    log
      .append(data(8, '8 again'))
      .append(transactionMarker('abort', 9))
      .append(transactionMarker('commit', 8))
    log.aborted = [
      { producerId: 7, firstOffset: 0 },
      { producerId: 9, firstOffset: 3 },
    ]
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(valuesOf(outcome)).toEqual(['8 committed', 'plain', '8 again'])
    expect(outcome.gaps).toBe(0)
    const all = await readReplay(broker, { isolationLevel: 'read_uncommitted' })
    expect(all.error).toBeNull()
    expect(all.rows).toHaveLength(6)
  })

  test('that are open end the replay before them', async () => {
    log.append({ records: [{ value: 'plain' }] }).append(data(7, 'open'))
    log.append({ records: [{ value: 'behind' }] })
    log.lastStableOffset = 1
    expect(valuesOf(await readReplay(broker))).toEqual(['plain'])
    const all = await readReplay(broker, { isolationLevel: 'read_uncommitted' })
    expect(valuesOf(all)).toEqual(['plain', 'open', 'behind'])
  })

  test('do not keep a replay from its end when nothing but their markers is there', async () => {
    log.append(data(7, 'a'))
    for (let i = 0; i < 30; i++) log.append(transactionMarker(i % 2 ? 'commit' : 'abort', 7 + i))
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0])
  })

  test('that are aborted are not looked into, whatever is in them', async () => {
    log.append({ ...data(7, ''), codec: 'gzip', compressed: Buffer.from('garbage') })
    log.append(transactionMarker('abort', 7)).append({ records: [{ value: 'plain' }] })
    log.aborted = [{ producerId: 7, firstOffset: 0 }]
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(valuesOf(outcome)).toEqual(['plain'])
  })

  test('may leave an empty control batch, after compaction', async () => {
    log
      .append({ ...EMPTY, attributes: CONTROL | TRANSACTIONAL })
      .append({ records: [{ value: 'a' }] })
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(valuesOf(outcome)).toEqual(['a'])
  })
})
