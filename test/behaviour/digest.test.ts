import fc from 'fast-check'
import {
  ConsumerManager,
  type Digest,
  joinDigests,
  SourceTopic,
  type TidemarkError,
} from '../../src/index.js'
import { isOnKafka, openCluster } from '../support/cluster.js'
import { plainDigest } from '../support/plain-digest.js'
import { propertyParameters } from '../support/property.js'
import { randomLog, reading } from '../support/random-log.js'
import { replayOf } from '../support/read-rows.js'
import { type Row, rowsOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000n
const parameters = propertyParameters(isOnKafka ? 3 : 15)

const bytes = (text: string) => new TextEncoder().encode(text)

test('a digest has the values that are published', () => {
  const one = { topic: 'trades', partition: 0, offset: 0n, timestamp: TIME }
  expect(plainDigest([{ ...one, key: bytes('k'), value: bytes('value') }])).toEqual({
    rows: 1,
    hash: '15533bc9ea8eb3a915533bc9ea8eb3a9',
  })
  const many = Array.from({ length: 20 }, (_, i): Row => {
    const timestamp = i === 4 ? null : TIME + BigInt(i) - (i === 7 ? 50n : 0n)
    return {
      ...{ topic: 'trades', partition: i % 3, offset: BigInt(Math.floor(i / 3)), timestamp },
      key: i % 2 === 0 ? bytes('k'.repeat(i)) : null,
      value: i === 5 ? null : Uint8Array.from({ length: 3 * i }, (_, byte) => byte),
    }
  })
  expect(plainDigest(many)).toEqual({ rows: 20, hash: '057566746a347c7a0583f474a1cc6813' })
  expect(plainDigest([])).toEqual({ rows: 0, hash: '0'.repeat(32) })
  const [first, second, ...others] = many
  expect(plainDigest([second as Row, first as Row, ...others])).not.toEqual(plainDigest(many))
})

const property = fc.asyncProperty(randomLog, reading, fc.nat(), async (log, how, place) => {
  await using cluster = openCluster()
  const names = new Map<string, string>()
  for (const { name, partitions } of log.topics)
    names.set(name, await cluster.createTopic(name, partitions))
  await writeLog(
    { ...cluster.config, ...log.producer },
    log.records.map((record) => ({ ...record, topic: names.get(record.topic) as string })),
  )
  const topics = [...names.values()].map((topic) => SourceTopic.fromEarliest(topic))
  const { timeoutMs, ...limits } = how
  const options = { config: cluster.config, topics, digest: true, ...limits }
  await using manager = await ConsumerManager.create(options)
  const rows = await replayOf(manager, timeoutMs)
  const whole = manager.digest()
  expect(whole).toEqual(plainDigest(rows))

  // In two parts, one of them resumed.
  const count = place % (rows.length + 1)
  await using part = await ConsumerManager.create({ ...options, batchSize: 1 })
  let read = 0
  while (read < count) read += (await part.poll()).numRows
  const token = part.token()
  const first = part.digest()
  await part.close()
  expect(part.digest()).toEqual(first)
  await using rest = await ConsumerManager.create({ ...options, resume: token })
  await replayOf(rest)
  expect(joinDigests([first, rest.digest()])).toEqual(whole)
  expect(joinDigests([first, joinDigests([]), rest.digest()])).toEqual(whole)
})

test(
  'the digest of a stream is that of its rows, in whatever batches and parts they come: ' +
    `TIDEMARK_PROPERTY_SEED=${parameters.seed}`,
  () => fc.assert(property, parameters),
  120_000,
)

test('a digest changes with the polls that resolve, not with what is prepared', async () => {
  await using cluster = openCluster()
  const topic = await cluster.createTopic('t')
  await writeLog(
    cluster.config,
    Array.from({ length: 5 }, (_, i) => ({ topic, partition: 0, timestamp: TIME, value: `${i}` })),
  )
  await using manager = await ConsumerManager.create({
    ...{ config: cluster.config, topics: [SourceTopic.fromEarliest(topic)] },
    ...{ batchSize: 2, digest: true },
  })
  expect(manager.digest().rows).toBe(0)
  const rows = rowsOf(await manager.poll())
  expect(manager.digest()).toEqual(plainDigest(rows))
  expect(rows).toHaveLength(2)
})

test('a stream without the option has none', async () => {
  await using cluster = openCluster()
  const topic = await cluster.createTopic('t')
  await using manager = await ConsumerManager.create({
    ...{ config: cluster.config, topics: [SourceTopic.fromEarliest(topic)] },
  })
  expect(() => manager.digest()).toThrow(/needs the option digest: true/)
})

test.each<[unknown, RegExp]>([
  [undefined, /takes an array of digests, not undefined/],
  [[{ rows: 1, hash: 'f'.repeat(32) }], /digests\[0\] must be a digest/],
  [[{ rows: -1, hash: '0'.repeat(32) }], /digests\[0\] must be a digest/],
  [[{ rows: 0, hash: '0'.repeat(32) }, null], /digests\[1\] must be a digest.*not null/],
])('joinDigests refuses %p', (digests, says) => {
  expect(() => joinDigests(digests as Digest[])).toThrow(
    expect.objectContaining({
      code: 'ERR_INVALID_ARGUMENT',
      message: expect.stringMatching(says),
    }) as TidemarkError,
  )
})
