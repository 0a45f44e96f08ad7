// Apache Kafka's own consumer performance tool, in Java.
import { fetchJars, VERSION } from '../../test/support/apache-kafka/jars.js'

export const name = 'kafka-consumer-perf'
export const kind = 'java'
export const gives = "nothing: Apache Kafka's consumer performance tool discards"
export const version = () => VERSION

let classPath

export async function prepare() {
  const jars = await fetchJars()
  if ('missing' in jars) throw new Error(jars.missing)
  classPath = jars.classPath
}

/** bash's `time` tells what CPU a process took that tells nothing itself; it prints to standard error. */
export function command({ bootstrap, topic, records }) {
  const tool = ['java', '-Xmx1g', '-cp', classPath, 'org.apache.kafka.tools.ConsumerPerformance']
  tool.push('--bootstrap-server', bootstrap, '--topic', topic, '--messages', String(records))
  tool.push('--timeout', '30000', '--group', `bench-${process.pid}-${Date.now()}`)
  const script = 'TIMEFORMAT=\'cpu_seconds %U %S\'; time "$@"'
  return { file: 'bash', args: ['-c', script, 'bash', ...tool], parse }
}

/**
 * Its last line: start.time, end.time, MB, MB/s, records, records/s, rebalance.time.ms,
 * fetch.time.ms, … The fetch time is all but the joining of the group: it is not only from the first
 * record on, and the tool is then a little faster than it seems.
 */
function parse(stdout, stderr) {
  const lines = stdout.trim().split('\n')
  const head = lines.find((line) => line.startsWith('start.time')).split(', ')
  const last = lines.at(-1).split(', ')
  const column = (title) => last[head.findIndex((each) => each.startsWith(title))]
  const [, user, system] = /cpu_seconds ([\d.]+) ([\d.]+)/.exec(stderr)
  const started = Date.parse(column('start.time').replace(/:(\d{3})$/, '.$1'))
  const ended = Date.parse(column('end.time').replace(/:(\d{3})$/, '.$1'))
  return {
    records: Number(column('data.consumed.in.nMsg')),
    megabytes: Number(column('data.consumed.in.MB')),
    seconds_first_to_last: Number(column('fetch.time.ms')) / 1e3,
    seconds_total: (ended - started) / 1e3,
    cpu_seconds: Number(user) + Number(system),
  }
}
