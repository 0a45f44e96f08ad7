import { text } from './pages.js'

test("the README's figures, and its chart's, are those that are recorded", () => {
  const { rows } = JSON.parse(text('bench/results/recorded/8-lz4.json')) as {
    rows: { contender: string; records_per_second: number; to_discard: number }[]
  }
  const names = new Map([
    ...Object.entries({ platformatic: '@platformatic/kafka', discard: 'librdkafka in C' }),
    ...Object.entries({ confluent: '@confluentinc/kafka-javascript' }),
    ['kafka-consumer-perf', 'kafka-consumer-perf-test'],
  ])
  const readme = text('README.md').replace(/\s+/g, ' ')
  const chart = text('docs/performance/clients.svg')
  const clients = ['tidemark', 'discard', 'kafka-consumer-perf', 'kafkajs', 'platformatic']
  for (const contender of [...clients, 'node-rdkafka', 'confluent']) {
    const row = rows.find((row) => row.contender === contender)
    const figure = ((row?.records_per_second ?? 0) / 1e6).toPrecision(3)
    const name = names.get(contender) ?? contender
    expect(readme).toContain(`${name} ${figure}`)
    expect(chart).toContain(`>${figure}<`)
    if (contender === 'kafka-consumer-perf') continue
    const cells = text('README.md')
      .split('\n')
      .find((line) => line.startsWith('|') && line.includes(name) && /[\d.]+ +\|$/.test(line))
    expect(cells).toContain(figure)
  }
  const [, toLoop, toBest] =
    readme.match(/: ([\d.]+) times librdkafka's .* C, ([\d.]+) times/) ?? []
  expect(toLoop).toBe(rows.find((row) => row.contender === 'tidemark')?.to_discard.toFixed(1))
  expect(text('docs/performance.md')).toMatch(
    new RegExp(`throughput, best client for Node = 1 .* ${toBest}\\.\\d`),
  )
})
