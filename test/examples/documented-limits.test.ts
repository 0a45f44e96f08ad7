import { native } from '../../src/native.js'
import { DEFAULTS } from '../../src/options/options.js'
import { text } from './pages.js'

const KIB = 1024
const MIB = 1024 * KIB
const DEFAULT_BUDGET = DEFAULTS.maxBufferedBytes
/** What the first match of `phrase` has in its groups, as numbers. */
const numbersIn = (page: string, phrase: RegExp) =>
  (
    text(page)
      .replace(/\s+(\* )?/g, ' ')
      .match(phrase) ?? []
  )
    .slice(1)
    .map((digits) => Number(digits.replace(/,/g, '')))

test.each([
  ['docs/options.md', /at least 1 MiB and (\d+) KiB a partition/],
  ['docs/options.md', /by default, or (\d+) KiB a partition with more than/],
  ['docs/options.md', /refuses one below (\d+) KiB a partition/],
  ['docs/design.md', /than 4,096 partitions: (\d+) KiB for each/],
  ['src/options/options.ts', /at least (\d+) KiB per partition/],
  ['src/options/options.ts', /Default 256 MiB, or (\d+) KiB per partition/],
])('%s has the least budget of a partition that the code has: %p', (page, phrase) => {
  const { leastBudget } = native.fetchLimits(DEFAULT_BUDGET, 1)
  expect(numbersIn(page, phrase)).toEqual([leastBudget / KIB])
})

test.each([
  ['docs/options.md', /a partition with more than ([\d,]+) partitions/],
  ['docs/design.md', /the default budget with more than ([\d,]+) partitions/],
])('%s has the number of partitions from which the default budget grows', (page, phrase) => {
  const [partitions = 0] = numbersIn(page, phrase)
  expect(native.fetchLimits(DEFAULT_BUDGET, partitions).leastBudget).toBe(DEFAULT_BUDGET)
})

// One of which no fraction is below the least or above the most.
const LARGE_BUDGET = 1024 * MIB

test.each([
  ['docs/options.md', /from a partition \(1\/(\d+) of the budget;/, 'ofPartition'],
  ['docs/options.md', /from a broker \(1\/(\d+);/, 'ofBroker'],
  ['docs/design.md', /at most 1\/(\d+) of the budget from a partition/, 'ofPartition'],
  ['src/options/options.ts', /up to 1\/(\d+) of it for a partition/, 'ofPartition'],
  ['src/options/options.ts', /and 1\/(\d+) for a broker/, 'ofBroker'],
] as const)('%s has the fraction of the budget that the code has: %p', (page, phrase, fetch) => {
  const [fraction = 0] = numbersIn(page, phrase)
  expect(LARGE_BUDGET / fraction).toBe(native.fetchLimits(LARGE_BUDGET, 8)[fetch])
})

test('a fetch of the default budget is as large as docs/options.md says', () => {
  const alone = native.fetchLimits(DEFAULT_BUDGET, 1)
  expect(
    numbersIn(
      'docs/options.md',
      /at most (\d+) MiB from a partition \(1\/256 of the budget; twice that when it is fetched alone/,
    ),
  ).toEqual([alone.ofPartition / MIB])
  expect(alone.ofPartitionAlone).toBe(2 * alone.ofPartition)
  const [ofBroker = 0, most = 0] = numbersIn(
    'docs/options.md',
    /and (\d+) MiB from a broker \(1\/64; more with more than (\d+) partitions/,
  )
  expect(ofBroker * MIB).toBe(native.fetchLimits(DEFAULT_BUDGET, most).ofBroker)
  expect(ofBroker * MIB).toBeLessThan(native.fetchLimits(DEFAULT_BUDGET, most + 1).ofBroker)
})

test('queues and shares are as many fetches as docs/design.md says', () => {
  expect(text('docs/design.md').replace(/\s+/g, ' ')).toContain(
    "a response four times that, or what many partitions need. A partition's queue is limited to " +
      'two fetches (less with more partitions, down to a quarter of a fetch), its share in the ' +
      'engine to one.',
  )
  const one = native.fetchLimits(LARGE_BUDGET, 1)
  expect(one.ofBroker).toBe(4 * one.ofPartition)
  expect(one.queue).toBe(2 * one.ofPartition)
  expect(one.share).toBe(one.ofPartition)
  expect(native.fetchLimits(LARGE_BUDGET, 100).queue).toBe(one.ofPartition / 4)
})
