import {
  encodeGzippedMessages,
  encodeOldMessage,
  type HostileBroker,
  type HostileLog,
} from '../support/hostile-broker/index.js'
import { setHostileScene, THREE } from './hostile-scene.js'
import { expectFault, range, readReplay } from './read-replay.js'

let broker: HostileBroker
let log: HostileLog
setHostileScene((scene) => {
  ;({ broker, log } = scene)
})

describe('a message of an old format', () => {
  const message = (magic: 0 | 1) => encodeOldMessage({ magic, offset: 3, value: 'old' })
  test.each<[string, Buffer, number]>([
    ['v0', message(0), 1],
    ['v1', message(1), 1],
    ['v1 in gzip', encodeGzippedMessages(3, ['x', 'y']), 2],
  ])('is an error behind good records: %s', async (_format, bytes, count) => {
    log.append(THREE).appendBytes(bytes, count).append(THREE)
    expectFault(await readReplay(broker), {
      goodOffsets: range(3),
      code: 'ERR_UNSUPPORTED_FORMAT',
      offset: 3,
      says: /message format v0 or v1, which tidemark does not read; start past it, or copy the topic/,
    })
  })

  test('is an error at the start of the log', async () => {
    log.appendBytes(encodeOldMessage({ magic: 1, offset: 0, value: 'old' }), 1).append(THREE)
    expectFault(await readReplay(broker), {
      goodOffsets: [],
      code: 'ERR_UNSUPPORTED_FORMAT',
      offset: 0,
      says: /message format v0 or v1/,
    })
  })

  test('is a corrupt record batch where it is cut short', async () => {
    log.append(THREE).appendBytes(message(1).subarray(0, -2), 1)
    expectFault(await readReplay(broker), {
      goodOffsets: range(3),
      code: 'ERR_CORRUPT_RECORD_BATCH',
      offset: 3,
      says: /read from another replica/,
    })
  })
})
