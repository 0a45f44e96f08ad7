import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConsumerManager,
  type ConsumerManagerOptions,
  SourceTopic,
  type StreamOptions,
} from '../../src/index.js'
import { Producer } from '../../src/testing/index.js'
import { ApacheKafka } from '../support/apache-kafka.js'
import { KafkaCluster } from '../support/cluster.js'
import { readRows, replayDigest, replayOf } from '../support/read-rows.js'
import { nameOf } from '../support/rows.js'
import { until } from '../support/until.js'

type IsolationLevel = NonNullable<StreamOptions['isolationLevel']>

const TIME = 1_700_000_000_000
const HOUR = 3_600_000
const PARTITIONS = 4
/** Of each codec; `npm run test:segments` asks for more. The other topics have a part of it. */
const RECORDS = Math.ceil(Number(process.env.TIDEMARK_SEGMENTS_RECORDS ?? 20_000) / 5)
const IN_TRANSACTION = Math.ceil(RECORDS / 100)
const IN_HOUR = Math.ceil(RECORDS / 40)
const SLOWNESS = RECORDS / 4_000
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const LEVELS: IsolationLevel[] = ['read_committed', 'read_uncommitted']
/** For a producer to close, and for the log cleaner. */
const DEADLINE_MS = 60_000 * SLOWNESS
/** The broker would end the open transaction meanwhile, and a later replay have more rows. */
const TRANSACTION_MS = 86_400_000

/** What `npm run test:segments` shows. */
const say = (line: string) => {
  if (process.env.TIDEMARK_SEGMENTS_RECORDS) process.stdout.write(`segments: ${line}\n`)
}

let kafka: ApacheKafka
let cluster: KafkaCluster
let open: Producer
let topics: string[]
/** Those of the running broker. */
let folder: string

beforeAll(async () => {
  kafka = await ApacheKafka.start({
    properties: {
      'log.cleaner.backoff.ms': 100,
      'log.initial.task.delay.ms': 100,
      'log.segment.delete.delay.ms': 100,
      'transaction.max.timeout.ms': TRANSACTION_MS,
    },
  })
  folder = kafka.broker(1).dataFolder
  cluster = new KafkaCluster(kafka.bootstrapServers())
  topics = [await writeCodecs(), await writeTransactions(), await writeCompacted()]
}, 300_000 * SLOWNESS)

afterAll(async () => {
  await open?.abortTransaction().catch(() => {})
  await open?.close().catch(() => {})
  await kafka?.close()
}, 60_000)

/** Every codec, in batches of several sizes, over several segments a partition. */
async function writeCodecs(): Promise<string> {
  const topic = await cluster.createTopic('codecs', PARTITIONS, {
    'segment.ms': Math.ceil(0.75 * RECORDS),
  })
  for (const [turn, codec] of CODECS.entries()) {
    const producer = await Producer.create({
      config: {
        ...cluster.config,
        'compression.codec': codec,
        'batch.num.messages': 5 + 97 * turn,
        'linger.ms': 20,
      },
      closeTimeoutMs: DEADLINE_MS,
    })
    for (let i = 0; i < RECORDS; i++) {
      await producer.send({
        topic,
        partition: (i * 7 + (i >> 5)) % PARTITIONS,
        timestamp: TIME + turn * RECORDS + i - (i % 50 === 0 ? 300 : 0),
        key: i % 3 === 0 ? null : `key ${i}`,
        value: i % 11 === 0 ? null : `${'value '.repeat(i % 23)}${i}`,
      })
    }
    await producer.close()
  }
  return topic
}

/** Some committed, some aborted, and at last one that stays open, with records behind it. */
async function writeTransactions(): Promise<string> {
  const topic = await cluster.createTopic('transactions', 2, {
    'segment.ms': Math.ceil(7.5 * IN_TRANSACTION),
  })
  const config = { ...cluster.config, 'compression.codec': 'lz4' }
  const producers = await Promise.all(
    [0, 1, 2].map((i) =>
      Producer.create({
        config: {
          ...config,
          'transactional.id': `${topic} ${i}`,
          'transaction.timeout.ms': TRANSACTION_MS,
        },
        closeTimeoutMs: DEADLINE_MS,
      }),
    ),
  )
  const write = async (producer: Producer, at: number) => {
    for (let i = 0; i < IN_TRANSACTION; i++) {
      const value = `${at} ${i} ${'x'.repeat(100)}`
      const timestamp = TIME + at * IN_TRANSACTION + i
      await producer.send({ topic, partition: i % 2, timestamp, value })
    }
    await producer.flush()
  }
  for (let round = 0; round < 12; round++) {
    await Promise.all(producers.map((producer) => producer.beginTransaction()))
    for (const [i, producer] of producers.entries()) await write(producer, round * 3 + i)
    for (const [i, producer] of producers.entries()) {
      if ((round + i) % 3 === 0) await producer.abortTransaction()
      else await producer.commitTransaction()
    }
  }
  const [left, ...others] = producers as [Producer, Producer, Producer]
  open = left
  await open.beginTransaction()
  await write(open, 1_000)
  for (const producer of others) {
    await producer.beginTransaction()
    await write(producer, 1_001)
    await producer.commitTransaction()
    await producer.close()
  }
  return topic
}

async function writeCompacted(): Promise<string> {
  const topic = await cluster.createTopic('compacted', 1, {
    'cleanup.policy': 'compact',
    'min.cleanable.dirty.ratio': 0.001,
    'segment.ms': HOUR / 2,
    'max.compaction.lag.ms': 1,
  })
  const config = {
    ...cluster.config,
    'enable.idempotence': true,
    'batch.num.messages': 10,
    'compression.codec': 'zstd',
  }
  const producer = await Producer.create({ config, closeTimeoutMs: DEADLINE_MS })
  for (let hour = 0; hour < 4; hour++) {
    for (let i = 0; i < IN_HOUR; i++) {
      const value = i % 9 === 0 ? null : `${hour} ${i}`
      const timestamp = TIME + hour * HOUR + i
      await producer.send({ topic, partition: 0, timestamp, key: `key ${(i * i) % 41}`, value })
    }
  }
  await producer.send({ topic, partition: 0, timestamp: TIME + 9 * HOUR, key: 'roll', value: 'x' })
  await producer.close()
  await until(
    'the log is compacted',
    async () => (await readRows(cluster.config, topic)).length < 2 * IN_HOUR,
    DEADLINE_MS,
  )
  return topic
}

const STARTS: [string, (name: string) => SourceTopic][] = [
  ['earliest', (name) => SourceTopic.fromEarliest(name)],
  ['latest', (name) => SourceTopic.fromLatest(name)],
  [
    'offsets',
    (name) =>
      SourceTopic.fromOffsets(name, { 0: 57n }, { others: 'earliest', outOfRange: 'earliest' }),
  ],
  ...[
    TIME,
    TIME + 777,
    TIME + 1_300,
    TIME + 2 * RECORDS + 5,
    TIME + 2 * HOUR,
    TIME + 99 * HOUR,
  ].map((time): [string, (name: string) => SourceTopic] => [
    `+ ${time - TIME} ms`,
    (name) => SourceTopic.fromAbsoluteTime(name, time),
  ]),
]
const WAYS = LEVELS.flatMap((level) => STARTS.map(([from, start]) => ({ level, from, start })))
type Way = (typeof WAYS)[number]

const optionsOf = ({ level, start }: Way) => ({ isolationLevel: level, topics: topics.map(start) })

/** Of the running broker: it is read once for each way. */
const digests = new Map<Way, ReturnType<typeof replayDigest>>()
function digestOfBroker(way: Way) {
  const digest = digests.get(way) ?? replayDigest({ ...optionsOf(way), config: cluster.config })
  digests.set(way, digest)
  return digest
}

async function digestOfFolder(way: Way, segments: string) {
  const digest = await replayDigest({ ...optionsOf(way), segments })
  say(`${way.level}, from ${way.from}: ${digest.rows} rows, SHA-256 ${digest.sha256}`)
  return digest
}

async function namesOf(options: ConsumerManagerOptions) {
  await using manager = await ConsumerManager.create(options)
  return (await replayOf(manager)).map(nameOf)
}

test.each(WAYS)(
  '$level, from $from: the rows of the broker are those of its folder',
  async (way) => {
    const expected = await digestOfBroker(way)
    const digest = await digestOfFolder(way, folder)
    if (digest.sha256 !== expected.sha256) {
      expect(await namesOf({ ...optionsOf(way), segments: folder })).toEqual(
        await namesOf({ ...optionsOf(way), config: cluster.config }),
      )
    }
    expect(digest).toEqual(expected)
  },
  180_000 * SLOWNESS,
)

test(
  'there is something to tell apart',
  async () => {
    const digestOf = async (level: IsolationLevel) => {
      const way = WAYS.find((each) => each.level === level && each.from === 'earliest') as Way
      return await digestOfBroker(way)
    }
    const committed = await digestOf('read_committed')
    const all = await digestOf('read_uncommitted')
    expect(committed.rows).toBeGreaterThan(CODECS.length * RECORDS)
    expect(all.rows).toBeGreaterThan(committed.rows + 10 * IN_TRANSACTION)
  },
  180_000 * SLOWNESS,
)

test(
  'a copy of the folder has the rows once the broker is gone, for every isolation level and start',
  async () => {
    for (const way of WAYS) await digestOfBroker(way)
    const copy = await mkdtemp(join(tmpdir(), 'tidemark-segments-'))
    try {
      await (await cluster.admin()).disconnect()
      await kafka.broker(1).stop()
      say('the broker has stopped')
      await cp(folder, copy, { recursive: true })
      for (const way of WAYS) {
        const { level, from } = way
        const [digest, expected] = [await digestOfFolder(way, copy), await digestOfBroker(way)]
        expect({ level, from, ...digest }).toEqual({ level, from, ...expected })
      }
    } finally {
      await rm(copy, { recursive: true })
    }
  },
  WAYS.length * 180_000 * SLOWNESS,
)
