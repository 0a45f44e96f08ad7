import { loadModule } from '../support/load-module.js'

interface Judged {
  measurement: string
  what: string
  bar: string
  value: number | null
  isMet: boolean
  why?: string
}
const { compare, tabulateChanges } = loadModule<{
  compare: (ratios: object, baseline: object) => { verdict: string }[]
  tabulateChanges: (compared: object[]) => string[][]
}>('bench/changes.mjs')
const bars = loadModule<{
  judge: (measurements: object) => Judged[]
  isMeasured: (judged: Judged) => boolean
  isExplained: (judged: Judged) => boolean
  tabulateBars: (judged: Judged[]) => string[][]
}>('bench/bars.mjs')

describe('the guard', () => {
  test.each([
    [1.3, 'ok'],
    [0.93, 'ok'],
    [0.91, 'warning'],
    [0.86, 'warning'],
    [0.84, 'FAILED'],
  ])('says of %p times the baseline: %s', (now, verdict) => {
    expect(compare({ a: now }, { a: 1 })).toMatchObject([{ verdict }])
  })

  test('shows what has changed, and what there is no baseline of', () => {
    const table = tabulateChanges(compare({ a: 0.5, b: 2 }, { a: 1, c: 1 }))
    expect(table.slice(1)).toEqual([
      ['a', '1.00', '0.50', '-50.0 %', 'FAILED'],
      ['b', '', '2.00', '', 'no baseline'],
    ])
  })
})

describe('the table of npm run memory', () => {
  const { atPeakOf } = loadModule<{ atPeakOf: (results: object[]) => string[][] }>(
    'bench/memory-tables.mjs',
  )
  const MIB = 2 ** 20
  const parts = ['responses', 'queued', 'queuedOverhead', 'merging', 'mergingOverhead', 'decoding']
  const more = ['preparedBatches', 'handedOutBatches', 'freeBatches', 'spareBuffers', 'client']
  const held = Object.fromEntries(
    [...parts, ...more, 'inflating'].map((part, i) => [part, (i + 1) * MIB]),
  )
  const rowWith = (mallocFree: number | null) => {
    const { rss, heapTotal, arrayBuffers } = { rss: 245, heapTotal: 11, arrayBuffers: 3 }
    const process = { rss: rss * MIB, heapTotal: heapTotal * MIB, arrayBuffers: arrayBuffers * MIB }
    const [head = [], row = []] = atPeakOf([
      {
        ...{ name: 'a shape', growths: [190 * MIB, 210 * MIB], peak: 250 * MIB },
        before: { rss: 50 * MIB, heapTotal: 6 * MIB, arrayBuffers: MIB },
        atPeak: { held, heldBytes: 78 * MIB, process: { ...process, mallocFree } },
      },
    ])
    return { row, shown: Object.fromEntries(head.map((title, i) => [title, row[i]])) }
  }

  test('its parts add up to what the process has grown by', () => {
    const { row, shown } = rowWith(40 * MIB)
    expect(shown).toMatchObject({
      shape: 'a shape',
      'above base': '200',
      'of all runs': '190 to 210',
    })
    expect(shown).toMatchObject({ queued: '5', V8: '7', other: '110', 'malloc free': '40' })
    expect(row.slice(3, -1).reduce((sum, cell) => sum + Number(cell), 0)).toBe(245 - 50)
  })

  test('it says where malloc does not tell what it keeps', () => {
    expect(rowWith(null).shown).toMatchObject({ 'malloc free': '–' })
  })
})

describe('the bars of the benchmark', () => {
  const judge = (measurements: object) => bars.judge(measurements).filter(bars.isMeasured)
  const micro = (interleaved: number, runs: number) => ({
    rows: [1, 64, 1_000].map((run) => ({
      ...{ k: 64, run },
      merge_alone_ns: run === 1 ? interleaved : runs,
    })),
  })

  test('tell what is met and what is missed, up to the bar itself', () => {
    expect(judge({ micro: micro(15, 2.1) })).toMatchObject([
      { measurement: 'micro', bar: 'at most 15', value: 15, isMet: true },
      { measurement: 'micro', bar: 'at most 2', value: 2.1, isMet: false },
      { measurement: 'micro', bar: 'at most 2', value: 2.1, isMet: false },
    ])
  })

  // A difference of two measurements of -1.19 ns was shown as what merging costs.
  test('say of a difference below zero that it cannot be measured', () => {
    const judged = judge({ micro: micro(15, -1.19) })
    expect(judged.map(({ value }) => value)).toEqual([15, 0, 0])
    expect(bars.tabulateBars(judged).map((row) => row[3])).toEqual([
      ...['measured', '15.0', 'below what can be measured', 'below what can be measured'],
    ])
  })

  test('are shown without a measurement, too, and neither met nor explained', () => {
    const judged = bars.judge({})
    const rows = bars.tabulateBars(judged).slice(1)
    expect(rows.length).toBe(judged.length)
    for (const row of rows) expect(row.slice(3)).toEqual(['', 'not measured'])
    expect(judged.some(bars.isExplained)).toBe(false)
    expect(bars.judge({ micro: micro(15, 2) }).filter(bars.isMeasured)).toHaveLength(3)
    // There was no other client for Node to compare with.
    const alone = { contender: 'tidemark', kind: 'tidemark', start_up_seconds: 0.1 }
    expect(judge({ 'start-up-8': { rows: [alone], runs: [alone] } })).toEqual([])
  })

  test('explain one that is missed, with the day of the profile', () => {
    const explained = (megabytes: number, date: string) => {
      const rows = [{ label: 'tidemark, batches released', above_idle_bytes: megabytes * 1e6 }]
      return bars.judge({ memory: { rows, date } }).filter(bars.isExplained)
    }
    const [missed] = explained(61, '2026-01-01T00:00:00.000Z')
    expect(missed).toMatchObject({ measurement: 'memory', isMet: false })
    expect(missed?.why).toMatch(/ \(profiled on \d{4}-\d\d-\d\d\)$/)
    const [later] = explained(61, '2999-01-01T00:00:00.000Z')
    expect(later?.why).toMatch(/ \(profiled on [\d-]+, before this was measured\)$/)
    expect(explained(60, '2026-01-01T00:00:00.000Z')).toEqual([])
  })

  test('hold for live beside idle managers as they hold alone', () => {
    const alone = { label: 'tidemark', p50_above_c_us: 90, p99_above_c_us: 900 }
    const beside = {
      ...{ label: 'tidemark, 20 idle managers', p50_above_c_us: 101, p99_above_c_us: 999 },
      ...{ p50_to_tidemark_alone: 1.1, p99_to_tidemark_alone: 1.3, idle_cpu_share: 0.01 },
    }
    const judged = judge({ 'live-1000': { rows: [alone, beside] } })
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

  test('compare with the best client for Node, run by run', () => {
    const rows = [
      { contender: 'tidemark', kind: 'tidemark', start_up_seconds: 0.2 },
      { contender: 'slow', kind: 'node', start_up_seconds: 4 },
      { contender: 'quick', kind: 'node', start_up_seconds: 1 },
    ]
    const judged = judge({ 'start-up-8': { rows, runs: rows } })
    expect(judged).toMatchObject([
      { what: 'start-up, best client for Node = 1', value: 0.2, isMet: true },
    ])
  })
})
