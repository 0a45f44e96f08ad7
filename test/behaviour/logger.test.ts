import { ConsumerManager, type LogEntry, SourceTopic } from '../../src/index.js'
import { MockCluster } from '../../src/testing/index.js'
import { until } from '../support/until.js'

let cluster: MockCluster
beforeEach(() => {
  cluster = MockCluster.start()
  cluster.createTopic('t')
})
afterEach(() => cluster.close())

const create = (config: Record<string, string>, logger: (entry: LogEntry) => void) =>
  ConsumerManager.create({
    config: { 'bootstrap.servers': cluster.bootstrapServers, ...config },
    topics: [SourceTopic.fromEarliest('t')],
    logger,
  })

test('the logger gets what librdkafka has to say, also before create is through', async () => {
  const entries: LogEntry[] = []
  await using manager = await create({ debug: 'broker,metadata' }, (entry) => entries.push(entry))
  expect(entries.length).toBeGreaterThan(0)
  for (const entry of entries) {
    expect(entry).toEqual({
      level: expect.stringMatching(/^(error|warn|info|debug)$/),
      facility: expect.stringMatching(/^\S+$/),
      message: expect.stringMatching(/\S/),
    })
  }
  expect(entries.some(({ message }) => message.includes(cluster.bootstrapServers))).toBe(true)
  expect(manager.isLive()).toBe(true)
})

test('the logger hears of a broker that went away, while nobody polls', async () => {
  const entries: LogEntry[] = []
  await using _manager = await create({}, (entry) => entries.push(entry))
  cluster.setBrokerDown(1, true)
  const hasFailure = () => entries.some(({ facility }) => facility === 'FAIL')
  await until('a line tells of the failure', hasFailure)
})
