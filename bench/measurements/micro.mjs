// Micro: decoder, columns and merge without Kafka, in ns of CPU a record (native/micro.cc). The merge
// alone is what `merge` takes more than `columns`.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { log } from '../log.mjs'
import { program } from '../native/build.mjs'
import { median } from '../statistics.mjs'

export async function measure(_, bench) {
  if (!existsSync(program('micro'))) {
    log('micro is left out: it needs Google Benchmark (apt-get install -y libbenchmark-dev)')
    return null
  }
  const args = ['--benchmark_format=json', '--benchmark_min_time=0.1']
  args.push(`--benchmark_repetitions=${bench.runs}`, '--benchmark_enable_random_interleaving=true')
  log('decoder, columns and merge: some seconds')
  const options = { maxBuffer: 1 << 26 }
  const { stdout } = await promisify(execFile)(program('micro'), args, options)
  const runs = JSON.parse(stdout)
    .benchmarks.filter(({ run_type }) => run_type === 'iteration')
    .map((run) => {
      const [, what, k, length] = /^(\w+)\/k:(\d+)\/run:(\d+)/.exec(run.name)
      const ns_per_record = run.per_record * 1e9
      return { what, k: Number(k), run: Number(length), round: run.repetition_index, ns_per_record }
    })
  const shapes = new Map(runs.map(({ k, run }) => [`${k} ${run}`, { k, run }]))
  const rows = [...shapes.values()]
    .sort((a, b) => a.run - b.run || a.k - b.k)
    .map((shape) => ({ ...shape, ...summarize(runs, shape) }))
  return { rows, runs, left_out: [] }
}

function summarize(runs, { k, run }) {
  const of = (what) => {
    const own = runs.filter((each) => each.what === what && each.k === k && each.run === run)
    return median(own.map(({ ns_per_record }) => ns_per_record))
  }
  const [decode, columns, merge] = ['decode', 'columns', 'merge'].map(of)
  return {
    decode_ns: decode,
    columns_ns: columns,
    merge_ns: merge,
    merge_alone_ns: merge - columns,
  }
}

export const tabulate = ({ rows }) => [
  ['partitions', 'run', 'decode ns', 'with columns ns', 'with merge ns', 'merge alone ns'],
  ...rows.map((row) => [
    String(row.k),
    String(row.run),
    row.decode_ns.toFixed(1),
    row.columns_ns.toFixed(1),
    row.merge_ns.toFixed(1),
    row.merge_alone_ns > 0 ? row.merge_alone_ns.toFixed(1) : 'below what can be measured',
  ]),
]
