import { npmPackage } from './support/npm-package.mjs'

const charting = npmPackage('vega-lite', { companions: ['vega'] })
const WIDTH = 560

/** Charts of what is recorded, by name of the file without .svg: specifications for Vega-Lite. */
export function chartsOf(recorded) {
  const charts = {}
  const add = (name, needed, chart) => {
    const found = needed.filter((each) => recorded.has(each)).map((each) => recorded.get(each))
    if (found.length > 0) charts[name] = chart(found)
  }
  add('clients', ['8-lz4'], ([{ rows }]) => clients(rows))
  add('throughput', ['8-lz4'], ([{ rows }]) =>
    bars(rows, 'contender', 'records_per_second', 'records a second (logarithmic)', 'log'),
  )
  add('cpu', ['8-lz4'], ([{ rows }]) =>
    bars(rows, 'contender', 'cpu_ns_per_record', 'ns of CPU a record (logarithmic)', 'log'),
  )
  add('partitions', ['1-lz4', '8-lz4', '64-lz4', '256-lz4', '1000-lz4'], (measurements) =>
    grouped(
      yardsticks(measurements, (work) => String(work.partitions)),
      'partitions',
    ),
  )
  add('layouts', ['layouts'], (measurements) =>
    grouped(
      yardsticks(measurements, (work) => work.name.slice(2)),
      'layout of time',
    ),
  )
  add('codecs', ['8-none', '8-gzip', '8-snappy', '8-lz4', '8-zstd'], (found) =>
    grouped(
      yardsticks(found, (work) => work.name.slice(2)),
      'codec',
    ),
  )
  for (const name of ['start-up-8', 'start-up-1000']) {
    add(name, [name], ([{ rows }]) => bars(rows, 'contender', 'start_up_seconds', 'seconds'))
  }
  for (const name of ['live-1000', 'live-50000']) add(name, [name], latencies)
  add('micro', ['micro'], micro)
  return charts
}

/** Those that the README compares, as it calls them. */
const CLIENTS = {
  tidemark: 'tidemark, in timestamp order',
  discard: 'librdkafka, a loop in C',
  'kafka-consumer-perf': 'kafka-consumer-perf-test',
  kafkajs: 'kafkajs',
  platformatic: '@platformatic/kafka',
  'node-rdkafka': 'node-rdkafka',
  confluent: '@confluentinc/kafka-javascript',
}

/** Every bar has its figure: beside the first one the others are short. */
function clients(rows) {
  const values = Object.entries(CLIENTS).flatMap(([contender, client]) =>
    rows
      .filter((row) => row.contender === contender)
      .map(({ records_per_second }) => ({ client, millions: records_per_second / 1e6 })),
  )
  const { encoding } = bars(values, 'client', 'millions', 'million records a second')
  const { color, ...places } = encoding
  return {
    data: {
      values: values.map(({ client, millions }) => ({ category: client, quantity: millions })),
    },
    width: WIDTH,
    encoding: places,
    layer: [
      { mark: { type: 'bar' }, encoding: { color } },
      {
        mark: { type: 'text', align: 'left', dx: 4 },
        encoding: { text: { field: 'quantity', type: 'quantitative', format: '.3~r' } },
      },
    ],
  }
}

/** One row a workload and yardstick. */
const yardsticks = (measurements, group) =>
  measurements.flatMap(({ workloads, rows }) =>
    rows
      .filter(({ contender }) => ['tidemark', 'discard', 'limit'].includes(contender))
      .map(({ workload, contender, records_per_second }) => ({
        ...{ group: group(workloads.find(({ name }) => name === workload)), contender },
        millions: records_per_second / 1e6,
      })),
  )

const OURS = 'tidemark'

const bars = (rows, category, quantity, title, type = 'linear') => ({
  data: { values: rows.map((row) => ({ category: row[category], quantity: row[quantity] })) },
  width: WIDTH,
  mark: { type: 'bar' },
  encoding: {
    y: {
      ...{ field: 'category', type: 'nominal', title: null, sort: null },
      axis: { labelLimit: 250 },
    },
    // A bar on a logarithmic scale has no zero to start from.
    ...(type === 'log' && {
      x2: { datum: 10 ** Math.floor(Math.log10(smallest(rows, quantity))) },
    }),
    x: { field: 'quantity', type: 'quantitative', title, scale: { type } },
    color: {
      condition: {
        test: `datum.category === '${OURS}' || datum.category === '${CLIENTS.tidemark}'`,
        value: '#1b6ca8',
      },
      value: '#b8c4ce',
    },
  },
})

const smallest = (rows, quantity) => Math.min(...rows.map((row) => row[quantity])) * 0.9

const grouped = (values, title) => ({
  data: { values },
  width: WIDTH,
  mark: { type: 'bar' },
  encoding: {
    x: { field: 'group', type: 'nominal', title, sort: null, axis: { labelAngle: 0 } },
    xOffset: { field: 'contender', sort: null },
    y: { field: 'millions', type: 'quantitative', title: 'million records a second' },
    color: { field: 'contender', type: 'nominal', title: null, sort: null },
  },
})

const latencies = ([{ rows }]) => ({
  data: {
    values: rows.flatMap(({ label, latency_us }) =>
      // An object's keys that are whole numbers come first, whatever order they were set in.
      Object.entries(latency_us)
        .sort(([a], [b]) => a - b)
        .map(([percentile, microseconds]) => ({
          ...{ label, percentile: percentile === '100' ? 'max' : `p${percentile}`, microseconds },
        })),
    ),
  },
  width: WIDTH,
  mark: { type: 'line', point: true },
  encoding: {
    x: { field: 'percentile', type: 'nominal', title: null, sort: null, axis: { labelAngle: 0 } },
    y: {
      ...{ field: 'microseconds', type: 'quantitative', title: 'µs (logarithmic)' },
      scale: { type: 'log' },
    },
    color: { field: 'label', type: 'nominal', title: null, sort: null },
  },
})

const micro = ([{ rows }]) => ({
  data: {
    values: rows.flatMap(({ k, run, decode_ns, columns_ns, merge_alone_ns }) => {
      const parts = { decoding: decode_ns, columns: columns_ns - decode_ns, merge: merge_alone_ns }
      return Object.entries(parts).map(([part, ns]) => ({
        ...{ k, run, part },
        ns: Math.max(0, ns),
      }))
    }),
  },
  mark: { type: 'bar' },
  width: WIDTH / 3 - 20,
  encoding: {
    column: { field: 'run', type: 'ordinal', title: 'records of a partition in a row' },
    x: { field: 'k', type: 'ordinal', title: 'partitions', axis: { labelAngle: 0 } },
    y: { field: 'ns', type: 'quantitative', title: 'ns of CPU a record' },
    color: { field: 'part', type: 'nominal', title: null, sort: null },
    order: { field: 'part', sort: 'descending' },
  },
})

/** @returns {Promise<string>} the chart as SVG */
export async function draw(specification) {
  charting.prepare()
  const [vegaLite, vega] = await Promise.all([charting.load('vega-lite'), charting.load('vega')])
  const style = {
    background: 'white',
    config: { font: 'sans-serif', view: { stroke: null }, legend: { labelLimit: 250 } },
  }
  const { spec } = vegaLite.compile({ ...style, ...specification })
  const view = new vega.View(vega.parse(spec), { renderer: 'none' })
  return `${await view.toSVG()}\n`
}
