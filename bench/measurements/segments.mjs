// Segments: what an Apache Kafka has written, replayed from its data folder once it has stopped.
import { ApacheKafka } from '../../test/support/apache-kafka.js'
import { isTidemark } from '../contenders.mjs'
import { log } from '../log.mjs'
import { median } from '../statistics.mjs'
import { loadTopic } from '../topic.mjs'
import { workload } from '../workloads.mjs'
import { readAll, tabulate as tabulateReplay } from './replay.mjs'

export async function measure({ workloads }, bench) {
  const missing = await ApacheKafka.missing()
  if (missing) {
    log(`segments are left out, which an Apache Kafka must write here: ${missing}`)
    return null
  }
  const works = workloads.map((name) => workload(name, bench.records))
  const kafka = await ApacheKafka.start({ throughput: true })
  try {
    for (const work of works) loadTopic(kafka.bootstrapServers(), work)
    const { dataFolder } = kafka.broker(1)
    await kafka.broker(1).stop()
    const from = { segments: dataFolder }
    const measured = await readAll(works, bench.contenders.filter(isTidemark), bench, from)
    return {
      broker: `the data folder of Apache Kafka ${ApacheKafka.version}, which has stopped`,
      ...measured,
      rows: measured.rows.map((row) => ({ ...row, create_seconds: createSeconds(row, measured) })),
    }
  } finally {
    await kafka.close()
  }
}

const createSeconds = ({ workload }, { runs }) =>
  median(runs.filter((run) => run.workload === workload).map((run) => run.seconds_create))

/** That of a replay, without the ratios to what reads from brokers. */
export function tabulate(measurement) {
  const [head, ...rows] = tabulateReplay(measurement)
  const shown = head.flatMap((title, i) => (title.startsWith('x ') ? [] : [i]))
  const create = measurement.rows.map(({ create_seconds }) => (create_seconds * 1e3).toFixed(0))
  return [
    [...shown.map((i) => head[i]), 'create ms'],
    ...rows.map((row, at) => [...shown.map((i) => row[i]), create[at]]),
  ]
}
