import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fetchJars } from './apache-kafka/jars.js'

const run = promisify(execFile)
const TIMEOUT_MS = 120_000

/** A record as Kafka's own tool prints it. */
export interface DumpedRecord {
  offset: bigint
  timestamp: bigint
  key: string | null
  value: string | null
}

export interface DumpedSegments {
  /** One line for each record batch. */
  batches: string[]
  /** In the order of the files, by the file that they are in. */
  records: DumpedRecord[]
}

/**
 * What `kafka-dump-log --deep-iteration` reads in these files.
 *
 * @throws where it complains of anything
 */
export async function dumpLogSegments(files: string[]): Promise<DumpedSegments> {
  const jars = await fetchJars()
  if ('missing' in jars) throw new Error(jars.missing)
  const { stdout, stderr } = await run(
    'java',
    [
      ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', jars.classPath],
      ...['kafka.tools.DumpLogSegments', '--deep-iteration', '--print-data-log'],
      ...['--files', files.join(',')],
    ],
    { timeout: TIMEOUT_MS, maxBuffer: 2 ** 28 },
  )
  const lines = stdout.split('\n')
  const isBatch = (line: string) => line.startsWith('baseOffset:')
  const batches = lines.filter(isBatch)
  const records = lines.filter((line) => line.startsWith('| offset:')).map(recordOf)
  const complaints = lines.filter(
    (line) => !/^(baseOffset:|\| offset:|Dumping |Log starting offset:|$)/.test(line),
  )
  const isInvalid = batches.some((line) => !line.includes('isvalid: true'))
  if (complaints.length > 0 || isInvalid || /error|exception/i.test(stderr)) {
    throw new Error(`DumpLogSegments complains:\n${complaints.join('\n')}\n${stderr}`)
  }
  return { batches, records }
}

function recordOf(line: string): DumpedRecord {
  const [, offset, timestamp, keySize, valueSize] =
    /offset: (\d+) (?:CreateTime|LogAppendTime): (-?\d+) keySize: (-?\d+) valueSize: (-?\d+)/.exec(
      line,
    ) ?? []
  const [, key, value] = / headerKeys: \[.*?\](?: key: (.*?))?(?: payload: (.*))?$/.exec(line) ?? []
  if (!offset || !timestamp) throw new Error(`what is this line of DumpLogSegments? ${line}`)
  return {
    offset: BigInt(offset),
    timestamp: BigInt(timestamp),
    key: keySize === '-1' ? null : (key ?? ''),
    value: valueSize === '-1' ? null : (value ?? ''),
  }
}
