import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { ConsumerManager, describeToken, SourceTopic, TidemarkError } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { crc32c } from '../support/hostile-broker/crc32c.js'
import { propertyParameters } from '../support/property.js'
import { replayOf } from '../support/read-rows.js'
import { nameOf } from '../support/rows.js'
import { writeLog } from '../support/write-log.js'

const TIME = 1_700_000_000_000
const PREFIX = 'tm1.'
const topics = [SourceTopic.fromEarliest('trades')]
const parameters = propertyParameters(300)

let folder: string
let segments: string
let token: string
/** Of each partition. */
const rows = new Map<number, string[]>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-forged-'))
  segments = join(folder, 'capture')
  await using cluster = MockCluster.start()
  cluster.createTopic('trades', { partitions: 3 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  const written = await writeLog(
    config,
    Array.from({ length: 30 }, (_, i) => ({
      ...{ topic: 'trades', partition: i % 3, timestamp: TIME + i, value: `${i}` },
    })),
  )
  for (const row of written)
    rows.set(row.partition, [...(rows.get(row.partition) ?? []), nameOf(row)])
  const capture = { dir: segments, onError: 'stream' as const }
  await using whole = await ConsumerManager.create({ config, topics, capture })
  await replayOf(whole)
  await whole.close()
  await using part = await ConsumerManager.create({ segments, topics, batchSize: 7 })
  await part.poll()
  token = part.token()
})
afterAll(() => rm(folder, { recursive: true }))

const change = fc.record({
  kind: fc.constantFrom('flip', 'set', 'insert', 'erase'),
  at: fc.nat({ max: 200 }),
  byte: fc.nat({ max: 255 }),
})

/** The token with its content changed, below a checksum that is right. */
function forge(changes: { kind: string; at: number; byte: number }[]): string {
  const bytes = [...Buffer.from(token.slice(PREFIX.length), 'base64url')].slice(0, -4)
  for (const { kind, at, byte } of changes) {
    const place = at % bytes.length
    if (kind === 'insert') bytes.splice(place, 0, byte)
    else if (kind === 'erase') bytes.splice(place, 1)
    else bytes[place] = kind === 'set' ? byte : (bytes[place] as number) ^ (1 << (byte % 8))
  }
  const content = Buffer.from(bytes)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32c(Buffer.concat([Buffer.from(PREFIX), content])))
  return PREFIX + Buffer.concat([content, checksum]).toString('base64url')
}

/** Those from the first at or past a time on. */
function fromTime(timeMs: bigint | null, names: string[]): string[] {
  if (timeMs === null) return names
  const first = names.findIndex((name) => BigInt(name.slice(name.indexOf('(') + 1, -1)) >= timeMs)
  return first === -1 ? [] : names.slice(first)
}

const REFUSALS = [
  ...['ERR_TOKEN_DAMAGED', 'ERR_TOKEN_MISMATCH', 'ERR_OFFSET_OUT_OF_RANGE', 'ERR_LOG_TRUNCATED'],
]

test('whatever a token says, the stream goes on where it says or create refuses it: ' +
  `TIDEMARK_PROPERTY_SEED=${parameters.seed}`, async () => {
  let accepted = 0
  const property = fc.asyncProperty(
    fc.array(change, { minLength: 1, maxLength: 3 }),
    async (changes) => {
      const forged = forge(changes)
      try {
        await using manager = await ConsumerManager.create({ segments, topics, resume: forged })
        const rest = (await replayOf(manager)).map(nameOf)
        const { sources, cutoffMs } = describeToken(forged)
        const [source] = sources
        for (const each of source?.topics[0]?.partitions ?? []) {
          const { partition, nextOffset, endOffset, startTimeMs } = each
          const all = rows.get(partition) ?? []
          const [from, to] = [Number(nextOffset), Number(endOffset ?? all.length)]
          const read = rest.filter((name) => name.startsWith(`trades-${partition}@`))
          const left = fromTime(startTimeMs, all.slice(from, to))
          // A cutoff is a part of the token, too.
          expect(read).toEqual(cutoffMs === null ? left : left.slice(0, read.length))
        }
        accepted++
      } catch (error) {
        if (!(error instanceof TidemarkError)) throw error
        expect(REFUSALS).toContain(error.code)
      }
    },
  )
  await fc.assert(property, parameters)
  expect(accepted).toBeGreaterThan(0)
}, 240_000)
