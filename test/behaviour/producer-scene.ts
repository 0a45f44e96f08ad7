import { MockCluster } from '../../src/testing/index.js'
import { readRows } from '../support/read-rows.js'

/** Nothing listens there. */
export const NOBODY = '127.0.0.1:1'

/** What each test begins with: a mock cluster with topic 't', which has four partitions. */
export interface ProducerScene {
  cluster: MockCluster
  config: { 'bootstrap.servers': string }
}

/** A mock cluster for each test of a file. */
export function setProducerScene(begin: (scene: ProducerScene) => void): void {
  let cluster: MockCluster
  beforeEach(() => {
    cluster = MockCluster.start()
    cluster.createTopic('t', { partitions: 4 })
    begin({ cluster, config: { 'bootstrap.servers': cluster.bootstrapServers } })
  })
  afterEach(() => cluster.close())
}

/** The values in topic 't', in the order of the replay. */
export async function valuesOf({ config }: Pick<ProducerScene, 'config'>) {
  return (await readRows(config, 't')).map(({ value }) => value)
}

export const upTo = (count: number) => Array.from({ length: count }, (_, i) => String(i))
