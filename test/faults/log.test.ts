import { ConsumerManager, SourceTopic } from '../../src/index.js'
import type { HostileBroker, HostileLog } from '../support/hostile-broker/index.js'
import { fill, setHostileScene, THREE } from './hostile-scene.js'
import {
  expectFault,
  expectRight,
  offsetsOf,
  ReplayReader,
  range,
  readReplay,
} from './read-replay.js'

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
  fill(log)
})

/** Reads the replay, and what happens to the log then. */
async function readLive(happens: (reader: ReplayReader) => void, isDone: () => boolean) {
  await using manager = await ConsumerManager.create({
    config: broker.config,
    topics: [SourceTopic.fromEarliest('t')],
  })
  const reader = new ReplayReader(manager)
  expect(await reader.readUntil(() => manager.isLive())).toBeNull()
  expect(reader.rows).toHaveLength(15)
  happens(reader)
  const error = await reader.readUntil(isDone)
  return { ...reader.outcome(), error }
}

describe('the start of the log moves on, as by retention and DeleteRecords', () => {
  const GONE =
    /removed by retention or DeleteRecords.*create a new manager to start from what is there/

  test('before the start: the replay begins where the log does', async () => {
    log.deleteBefore(6)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual(range(15).slice(6))
  })

  test('into the middle of a batch: the replay begins there', async () => {
    log.deleteBefore(7)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual(range(15).slice(7))
  })

  test('between the look-up of the start offset and the first fetch', async () => {
    broker.onResponse = (api, frame) => {
      if (api === 'listOffsets') log.deleteBefore(6)
      return frame
    }
    expectFault(await readReplay(broker), {
      goodOffsets: [],
      code: 'ERR_OFFSET_OUT_OF_RANGE',
      offset: 0,
      says: GONE,
    })
  })

  test('past the position, during the replay', async () => {
    log.onFetch = (offset) => {
      if (offset === 3) log.deleteBefore(12)
    }
    expectFault(await readReplay(broker), {
      goodOffsets: range(6),
      code: 'ERR_OFFSET_OUT_OF_RANGE',
      offset: 6,
      says: GONE,
    })
  })

  test('past the end offset, during the replay', async () => {
    log.onFetch = (offset) => {
      if (offset === 3) log.deleteBefore(15)
    }
    expectFault(await readReplay(broker), {
      goodOffsets: range(6),
      code: 'ERR_OFFSET_OUT_OF_RANGE',
      offset: 6,
      says: GONE,
    })
  })

  test('up to the position, in live: it does not matter', async () => {
    const outcome = await readLive(
      () => {
        log.deleteBefore(15)
        log.append(THREE)
      },
      () => log.endOffset === 18 && log.fetchedOffsets.includes(18),
    )
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual(range(18))
  })

  test('past the position, in live', async () => {
    const outcome = await readLive(
      () => {
        log.skip(3)
        log.deleteBefore(18)
        log.append(THREE)
      },
      () => false,
    )
    expectFault(outcome, {
      goodOffsets: range(15),
      code: 'ERR_OFFSET_OUT_OF_RANGE',
      offset: 15,
      says: GONE,
    })
  })
})

describe('an unclean leader election truncates the log', () => {
  const TRUNCATED = /unclean leader election.*create a new manager to start from what is there now/

  test('below the position', async () => {
    expectFault(
      await readLive(
        () => log.truncateTo(6),
        () => false,
      ),
      {
        goodOffsets: range(15),
        code: 'ERR_LOG_TRUNCATED',
        offset: 15,
        says: TRUNCATED,
      },
    )
  })

  test('and the new leader has written past the position: nothing of it comes out', async () => {
    const outcome = await readLive(
      () => {
        log.truncateTo(6)
        for (let i = 0; i < 10; i++) log.append({ records: [{ value: 'other' }] })
      },
      () => false,
    )
    expectFault(outcome, {
      goodOffsets: range(15),
      code: 'ERR_LOG_TRUNCATED',
      offset: 15,
      says: TRUNCATED,
    })
  })

  test('during the replay', async () => {
    log.onFetch = (offset) => {
      if (offset === 6) log.truncateTo(4)
    }
    const outcome = await readReplay(broker)
    expectFault(outcome, {
      goodOffsets: range(9),
      code: 'ERR_LOG_TRUNCATED',
      offset: 9,
      says: TRUNCATED,
    })
  })

  test('past the position: a new leader that has all that was read is no fault', async () => {
    const outcome = await readLive(
      () => {
        log.truncateTo(15)
        log.append(THREE)
      },
      () => log.fetchedOffsets.includes(18),
    )
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual(range(18))
  })

  test('below the position, where brokers are too old to say so (before 2.1)', async () => {
    Object.assign(broker.newestVersions, { metadata: 4, fetch: 8, listOffsets: 2 })
    const outcome = await readLive(
      () => log.truncateTo(6),
      () => false,
    )
    expectFault(outcome, {
      goodOffsets: range(15),
      code: 'ERR_OFFSET_OUT_OF_RANGE',
      offset: 15,
      says: /or the log was truncated/,
    })
  })
})

test('a high watermark that lags behind, as that of a new leader, proves nothing', async () => {
  const right = await readReplay(broker)
  log.onFetch = (offset, answer) => {
    if (offset < 9) answer.highWatermark = answer.lastStableOffset = 4
  }
  const outcome = await readReplay(broker)
  expectRight(outcome, right)
})
