import { readArguments } from '../../examples/demo/arguments.js'
import { ConsumerManager, SourceTopic } from '../../src/index.js'
import { MockCluster, Producer } from '../../src/testing/index.js'
import { outputOf, Program } from './program.js'

const DEMO = 'build/examples/demo/demo.js'

test('the demo shows the replay, the switch to live and the latency, and ends by itself', async () => {
  const printed = await outputOf(DEMO)
  const [, replayed] = printed.match(/Replayed ([\d,]+) rows .* stepped back 0 times/) ?? []
  expect(replayed).toBe('2,000,000')
  expect(printed).toMatch(/replay .* rows\/s *\nwatermark .* held .* paused \d/)
  expect(printed).toMatch(/\nlive \| .* latency p50 [\d.]+ ms, p99 [\d.]+ ms/)
  expect(printed).toMatch(/The partitions at the end\n/)
})

test('Ctrl-C ends the demo while it writes', async () => {
  const program = new Program(DEMO)
  await program.shows(/Writing history/)
  program.kill('SIGINT')
  expect(await program.ended).toEqual({ code: null, signal: 'SIGINT' })
})

test('the demo reads a cluster until Ctrl-C, and writes nothing to it', async () => {
  await using cluster = MockCluster.start()
  cluster.createTopic('t', { partitions: 2 })
  const config = { 'bootstrap.servers': cluster.bootstrapServers }
  await using producer = await Producer.create({ config })
  await producer.sendAll(
    Array.from({ length: 1_000 }, (_, i) => ({
      topic: 't',
      partition: i % 2,
      timestamp: 1 + i,
    })),
  )
  await producer.flush()

  const program = new Program(DEMO, ['--bootstrap', cluster.bootstrapServers, '--topic', 't'])
  await program.shows(/Replayed 1,000 rows/)
  await program.shows(/\nlive \|/)
  program.kill('SIGINT')
  expect(await program.ended).toEqual({ code: 0, signal: null })

  const topics = [SourceTopic.fromLatest('t')]
  await using manager = await ConsumerManager.create({ config, topics })
  const ends = [...manager.partitionState()].map((row) => row?.replay_end_offset)
  expect(ends).toEqual([500n, 500n])
})

test.each([
  [['--topic', 't'], /--topic goes with --bootstrap/],
  [['--bootstrap', 'localhost:1'], /one or more --topic/],
  [['--bootstrap', 'localhost:1', '--topic', 't', '--from', 'noon'], /--from takes/],
  [['--bootstrap', 'localhost:1', '--topic', 't', '--config', 'x'], /--config takes name=value/],
])('the demo refuses %j', (args, message) => {
  expect(() => readArguments(args)).toThrow(message)
})

test('a wrong command line of the demo ends with a hint', async () => {
  const program = new Program(DEMO, ['--no-such-flag'])
  expect(await program.ended).toEqual({ code: 2, signal: null })
  expect(program.stderr).toMatch(/no-such-flag[\s\S]*--help/)
})
