import {
  HostileBroker,
  type HostileLog,
  type HostileTopic,
} from '../support/hostile-broker/index.js'

/** A record batch as most tests append it. */
export const THREE = { records: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] }

/** What each test begins with. */
export interface HostileScene {
  broker: HostileBroker
  /** 't', with one partition. */
  topic: HostileTopic
  /** Of that partition; empty. */
  log: HostileLog
}

/** A hostile broker for each test of a file. */
export function setHostileScene(begin: (scene: HostileScene) => void): void {
  let broker: HostileBroker
  beforeEach(async () => {
    broker = await HostileBroker.start()
    const topic = broker.createTopic('t')
    begin({ broker, topic, log: topic.partition(0) })
  })
  afterEach(() => broker.close())
}

/** 15 records, a batch a response. */
export function fill(log: HostileLog): void {
  for (let i = 0; i < 5; i++) log.append(THREE)
  log.maxBytes = 1
}
