import type { RecordBatch } from 'apache-arrow'
import type { RecordColumns } from '../../src/columns/columns.js'
import { RecordBatchFactory } from '../../src/columns/record-batch.js'
import { TidemarkError } from '../../src/errors.js'
import { type BatchesOptions, streamBatches } from '../../src/manager/batch-stream.js'
import { columnsOf, slabOf } from './slab.js'

type Batch = RecordBatch<RecordColumns>

const factory = new RecordBatchFactory<RecordColumns>(columnsOf(['trades']))
const rows = (count: number) => factory.fromSlab(slabOf(new Array(count).fill({})))
const CLOSED = new TidemarkError('ERR_CLOSED', 'closed')

/** Polls give these, one after another. */
function sourceOf(answers: (Batch | Error)[]) {
  const log: string[] = []
  return {
    log,
    async poll(timeoutMs?: number) {
      log.push(`poll ${timeoutMs}`)
      const answer = answers.shift()
      if (!(answer instanceof Error) && answer) return answer
      throw answer
    },
    release(batch: Batch) {
      log.push(`release ${batch.numRows}`)
    },
  }
}

async function collect(stream: AsyncIterable<Batch>): Promise<number[]> {
  const counts: number[] = []
  for await (const batch of stream) counts.push(batch.numRows)
  return counts
}

test('a batch stream leaves out batches without rows, and ends when the manager is closed', async () => {
  const source = sourceOf([rows(2), rows(0), rows(3), CLOSED])
  expect(await collect(streamBatches(source, {}))).toEqual([2, 3])
  expect(source.log).toEqual(new Array(4).fill('poll undefined'))
})

test('a batch stream throws what a poll throws', async () => {
  const failure = new TidemarkError('ERR_OFFSET_GAP', 'gap')
  await expect(collect(streamBatches(sourceOf([rows(1), failure]), {}))).rejects.toBe(failure)
})

test('a batch stream passes the timeout on', async () => {
  const source = sourceOf([CLOSED])
  await collect(streamBatches(source, { timeoutMs: 5 }))
  expect(source.log).toEqual(['poll 5'])
})

test('a batch stream with autoRelease releases each batch before the next poll', async () => {
  const source = sourceOf([rows(2), rows(3), CLOSED])
  await collect(streamBatches(source, { autoRelease: true }))
  expect(source.log.map((line) => line.replace(' undefined', ''))).toEqual([
    'poll',
    'release 2',
    'poll',
    'release 3',
    'poll',
  ])
})

test('a batch stream with autoRelease releases the last batch when the loop is left', async () => {
  const source = sourceOf([rows(2), rows(3)])
  for await (const batch of streamBatches(source, { autoRelease: true })) {
    expect(source.log).not.toContain(`release ${batch.numRows}`)
    break
  }
  expect(source.log).toEqual(['poll undefined', 'release 2'])
})

test.each([
  [null, 'batches takes'],
  [[], 'batches takes'],
  [{ autoRelease: 1 }, 'autoRelease'],
  [{ timeoutMs: 0 }, '1 or more, not 0; leave it out, or use poll(0)'],
  [{ timeoutMs: 0.5 }, '1 or more'],
  [{ timeoutMs: -1 }, '1 or more'],
  [{ timeoutMs: Number.NaN }, 'not NaN'],
  [{ timeoutMs: '5' }, 'not "5"'],
  [{ timeout: 1 }, "batches has no option 'timeout'; did you mean 'timeoutMs'?"],
])('a batch stream refuses %p as options', async (options, said) => {
  const step = streamBatches(sourceOf([]), options as BatchesOptions).next()
  await expect(step).rejects.toMatchObject({
    code: 'ERR_INVALID_ARGUMENT',
    message: expect.stringContaining(said),
  })
})
