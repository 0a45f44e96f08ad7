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
  const judge = (measurements: object) =>
    report('bars.mjs', `report(bench.judge(${JSON.stringify(measurements)}))`)
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

  test('leave out what was not measured', async () => {
    expect(await judge({})).toEqual([])
    // There was no other client for Node to compare with.
    const alone = { contender: 'tidemark', kind: 'tidemark', start_up_seconds: 0.1 }
    expect(await judge({ 'start-up-8': { rows: [alone], runs: [alone] } })).toEqual([])
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
