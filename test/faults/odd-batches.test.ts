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
  test('40 in a row are passed over', async () => {
    log.append(THREE)
    for (let i = 0; i < 40; i++) log.append(EMPTY)
    log.append(THREE)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0, 1, 2, 123, 124, 125])
    expect(outcome.gaps).toBe(0)
  })

  test('40 in a row, one in each response', async () => {
    log.append(THREE)
    for (let i = 0; i < 40; i++) log.append(EMPTY)
    log.append(THREE)
    log.maxBytes = 1
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0, 1, 2, 123, 124, 125])
  })

  test.each([1, 40])(
    'at the end of the log, %i of them: the replay ends all the same',
    async (count) => {
      log.append(THREE)
      for (let i = 0; i < count; i++) log.append(EMPTY)
      const outcome = await readReplay(broker)
      expect(outcome.error).toBeNull()
      expect(offsetsOf(outcome)).toEqual(range(3))
    },
  )

  test('alone', async () => {
    log.append(EMPTY)
    expect(await readReplay(broker)).toMatchObject({ error: null, rows: [] })
  })

  test('compressed, as they stand on a compressed topic', async () => {
    log
      .append(THREE)
      .append({ ...EMPTY, codec: 'gzip', compressed: new Uint8Array() })
      .append(THREE)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0, 1, 2, 6, 7, 8])
  })
})

test('a delete horizon: the base is a time of the broker, and the deltas lead back from it', async () => {
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

  test('is that of every record', async () => {
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

test('timestamps as far apart as they can be', async () => {
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

  test('abort, then commit of the same producer in one response', async () => {
    log.append(data(7, 'aborted')).append(transactionMarker('abort', 7))
    log.append(data(7, 'committed')).append(transactionMarker('commit', 7))
    log.aborted = [{ producerId: 7, firstOffset: 0 }]
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(valuesOf(outcome)).toEqual(['committed'])
  })

  test('interleaved', async () => {
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

  test('open: the replay ends before it', async () => {
    log.append({ records: [{ value: 'plain' }] }).append(data(7, 'open'))
    log.append({ records: [{ value: 'behind' }] })
    log.lastStableOffset = 1
    expect(valuesOf(await readReplay(broker))).toEqual(['plain'])
    const all = await readReplay(broker, { isolationLevel: 'read_uncommitted' })
    expect(valuesOf(all)).toEqual(['plain', 'open', 'behind'])
  })

  test('markers alone at the end: the replay ends all the same', async () => {
    log.append(data(7, 'a'))
    for (let i = 0; i < 30; i++) log.append(transactionMarker(i % 2 ? 'commit' : 'abort', 7 + i))
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual([0])
  })

  test('an aborted batch is not looked into, whatever is in it', async () => {
    log.append({ ...data(7, ''), codec: 'gzip', compressed: Buffer.from('garbage') })
    log.append(transactionMarker('abort', 7)).append({ records: [{ value: 'plain' }] })
    log.aborted = [{ producerId: 7, firstOffset: 0 }]
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(valuesOf(outcome)).toEqual(['plain'])
  })

  test('an empty control batch, which compaction leaves', async () => {
    log
      .append({ ...EMPTY, attributes: CONTROL | TRANSACTIONAL })
      .append({ records: [{ value: 'a' }] })
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(valuesOf(outcome)).toEqual(['a'])
  })
})
