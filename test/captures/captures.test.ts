import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientEvent, SourceTopic } from '../../src/index.js'
import { ApacheKafka } from '../support/apache-kafka.js'
import { KafkaCluster } from '../support/cluster.js'
import { replayDigest } from '../support/read-rows.js'
import { writeTopicSet } from './topic-set.js'

// Set by test/captures.mjs, where they are described.
const RECORDS = Number(process.env.TIDEMARK_CAPTURES_RECORDS ?? 20_000)
const MINUTES = Number(process.env.TIDEMARK_CAPTURES_MINUTES ?? 10)

const LEVELS = ['read_committed', 'read_uncommitted'] as const
const SEGMENT = 2 ** 20

const say = (line: string) => process.stdout.write(`captures: ${line}\n`)

let kafka: ApacheKafka
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-captures-'))
  kafka = await ApacheKafka.start({
    properties: { 'log.cleaner.backoff.ms': 100, 'log.initial.task.delay.ms': 100 },
  })
}, 120_000)
afterAll(async () => {
  await kafka?.close()
  await rm(folder, { recursive: true, force: true })
}, 60_000)

const namesIn = (dir: string) => readdir(dir, { recursive: true })

test(
  'a capture has the rows of the broker, for either isolation level',
  async () => {
    await using cluster = new KafkaCluster(kafka.bootstrapServers())
    const topics = (await writeTopicSet(cluster, RECORDS)).map((name) =>
      SourceTopic.fromEarliest(name),
    )
    say(`${RECORDS} records are written`)
    const rowsOfLevel: number[] = []
    for (const isolationLevel of LEVELS) {
      const from = { topics, isolationLevel }
      const expected = await replayDigest({ ...from, config: cluster.config })
      say(`${isolationLevel}: ${expected.rows} rows, SHA-256 ${expected.sha256}`)
      rowsOfLevel.push(expected.rows)

      const dir = join(folder, isolationLevel)
      const events: ClientEvent[] = []
      const capturing = await replayDigest({
        ...{ ...from, config: cluster.config, closeTimeoutMs: 120_000 },
        capture: { dir, segmentBytes: SEGMENT, onError: 'stream' },
        onEvent: (event) => events.push(event),
      })
      expect(capturing).toEqual(expected)
      expect(events.filter(({ type }) => type === 'captureEnded')).toEqual([])
      const segments = (await namesIn(dir)).filter((name) => name.endsWith('.log'))
      say(`captured in ${segments.length} segments`)
      expect((await namesIn(dir)).filter((name) => name.endsWith('.part'))).toEqual([])

      // No transaction is left in it to tell the levels apart.
      for (const level of LEVELS) {
        const captured = await replayDigest({ topics, segments: dir, isolationLevel: level })
        say(`from the capture, ${level}: ${captured.rows} rows, SHA-256 ${captured.sha256}`)
        expect(captured).toEqual(expected)
      }
    }
    expect(rowsOfLevel[1]).toBeGreaterThan(rowsOfLevel[0] ?? 0)
  },
  MINUTES * 60_000,
)
