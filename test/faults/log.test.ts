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

describe('when the start of the log moves on, as by retention and DeleteRecords', () => {
  const GONE =
    /removed by retention or DeleteRecords.*create a new manager to start from what is there/

  test('a replay begins where the log does', async () => {
    log.deleteBefore(6)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual(range(15).slice(6))
  })

  test('a replay begins in the middle of a batch where the log does', async () => {
    log.deleteBefore(7)
    const outcome = await readReplay(broker)
    expect(outcome.error).toBeNull()
    expect(offsetsOf(outcome)).toEqual(range(15).slice(7))
  })

  test('a start that is gone before the first fetch is an error', async () => {
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

  test('records that are gone ahead of the replay are an error', async () => {
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

  test('a log that is gone up to the end offset of the replay is an error', async () => {
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

  test('the live stream goes on where all that is gone was read', async () => {
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

  test('records that are gone before they are read in live are an error', async () => {
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

describe('when an unclean leader election truncates the log', () => {
  const TRUNCATED = /unclean leader election.*create a new manager to start from what is there now/

  test('a log that ends below the position is an error', async () => {
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

  test('nothing comes out of what a new leader has written past the position', async () => {
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

  test('a replay of more than is left ends in an error', async () => {
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

  test('a new leader that has all that was read is no fault', async () => {
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

  test('brokers too old to say so (before 2.1) give an error for an offset out of range', async () => {
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
