import { run } from '../support/run-program.js'

/** Runs a body that has what `module` of the benchmark exports; gives back what it reports. */
async function report(module: string, body: string) {
  const { result, stderr } = await run(`const bench = await import('./bench/${module}')\n${body}`)
  expect(stderr).toBe('')
  return result
}

describe('the guard', () => {
  const compare = (now: number) =>
    report('changes.mjs', `report(bench.compare({ a: ${now} }, { a: 1 })[0].verdict)`)

  test.each([
    [1.3, 'ok'],
    [0.93, 'ok'],
    [0.91, 'warning'],
    [0.86, 'warning'],
    [0.84, 'FAILED'],
  ])('%p times what it was: %s', async (now, verdict) => {
    expect(await compare(now)).toBe(verdict)
  })

  test('shows what has changed, and what there is no baseline of', async () => {
    const table = await report(
      'changes.mjs',
      'report(bench.tabulateChanges(bench.compare({ a: 0.5, b: 2 }, { a: 1, c: 1 })))',
    )
    expect(table.slice(1)).toEqual([
      ['a', '1.00', '0.50', '-50.0 %', 'FAILED'],
      ['b', '', '2.00', '', 'no baseline'],
    ])
  })
})

describe('the bars', () => {
  const judgeAll = (measurements: object) =>
    report('bars.mjs', `report(bench.judge(${JSON.stringify(measurements)}))`)
  const judge = (measurements: object) =>
    report(
      'bars.mjs',
      `report(bench.judge(${JSON.stringify(measurements)}).filter(bench.isMeasured))`,
    )
  const micro = (interleaved: number, runs: number) => ({
    rows: [1, 64, 1_000].map((run) => ({
      ...{ k: 64, run },
      merge_alone_ns: run === 1 ? interleaved : runs,
    })),
  })

  test('tell what is met and what is missed, up to the bar itself', async () => {
    const judged = await judge({ micro: micro(15, 2.1) })
    expect(judged).toMatchObject([
      { measurement: 'micro', bar: 'at most 15', value: 15, isMet: true },
      { measurement: 'micro', bar: 'at most 2', value: 2.1, isMet: false },
      { measurement: 'micro', bar: 'at most 2', value: 2.1, isMet: false },
    ])
  })

  test('are shown without a measurement, too, and neither met nor explained', async () => {
    const judged = await judgeAll({ micro: micro(15, 2) })
    expect(judged.filter(({ value }: { value: number | null }) => value !== null)).toHaveLength(3)
    const { rows, explained } = await report(
      'bars.mjs',
      `const judged = bench.judge({})
      report({ rows: bench.tabulateBars(judged), explained: judged.some(bench.isExplained) })`,
    )
    expect(rows.length - 1).toBe(judged.length)
    for (const row of rows.slice(1)) expect(row.slice(3)).toEqual(['', 'not measured'])
    expect(explained).toBe(false)
    // There was no other client for Node to compare with.
    const alone = { contender: 'tidemark', kind: 'tidemark', start_up_seconds: 0.1 }
    expect(await judge({ 'start-up-8': { rows: [alone], runs: [alone] } })).toEqual([])
  })

  test('say what is in the way of one that is missed', async () => {
    const explain = (megabytes: number) =>
      report(
        'bars.mjs',
        `const rows = [{ label: 'tidemark, batches released', above_idle_bytes: ${megabytes * 1e6} }]
        report(bench.judge({ memory: { rows } }).filter(bench.isExplained))`,
      )
    expect(await explain(61)).toMatchObject([
      { measurement: 'memory', isMet: false, why: expect.stringContaining('apache-arrow') },
    ])
    expect(await explain(60)).toEqual([])
  })

  test('hold for live beside idle managers as they hold alone', async () => {
    const alone = { label: 'tidemark', p50_above_c_us: 90, p99_above_c_us: 900 }
    const beside = {
      ...{ label: 'tidemark, 20 idle managers', p50_above_c_us: 101, p99_above_c_us: 999 },
      ...{ p50_to_tidemark_alone: 1.1, p99_to_tidemark_alone: 1.3, idle_cpu_share: 0.01 },
    }
    const judged = await judge({ 'live-1000': { rows: [alone, beside] } })
    expect(judged).toMatchObject([
      { what: "p50 above librdkafka's loop in C, µs", value: 90, isMet: true },
      { what: "p99 above librdkafka's loop in C, µs", value: 900, isMet: true },
      { what: expect.stringMatching(/^p50 above .* idle/), value: 101, isMet: false },
      { what: expect.stringMatching(/^p99 above .* idle/), value: 999, isMet: true },
      { what: 'p50 beside 20 idle managers, alone = 1', value: 1.1, isMet: true },
      { what: 'p99 beside 20 idle managers, alone = 1', value: 1.3, isMet: false },
      { what: '20 idle managers, % of a core', value: 1, isMet: true },
    ])
  })

  test('compare with the best client for Node, run by run', async () => {
    const rows = [
      { contender: 'tidemark', kind: 'tidemark', start_up_seconds: 0.2 },
      { contender: 'slow', kind: 'node', start_up_seconds: 4 },
      { contender: 'quick', kind: 'node', start_up_seconds: 1 },
    ]
    const judged = await judge({ 'start-up-8': { rows, runs: rows } })
    expect(judged).toMatchObject([
      { what: 'start-up, best client for Node = 1', value: 0.2, isMet: true },
    ])
  })
})
