import { SourceTopic, type StartOfDayOptions } from '../../src/index.js'
import { toNativeTopic } from '../../src/topics/source-topic.js'
import { raised } from './raised.js'

/** Where a topic starts when it is created at `now`. */
const startOf = (options: StartOfDayOptions, now: string) => {
  const topic = toNativeTopic(SourceTopic.fromStartOfDay('t', options), Date.parse(now))
  expect(topic.start).toBe('timestamp')
  return new Date(topic.timestampMs).toISOString().replace('.000Z', 'Z')
}

// `zdump -v` says the same of each zone.
test.each<[string, StartOfDayOptions, string, string]>([
  ['today', { timeZone: 'UTC' }, '2024-05-17T12:00:00Z', '2024-05-17T00:00:00Z'],
  [
    'this very moment',
    { timeZone: 'UTC', at: '12:00' },
    '2024-05-17T12:00:00Z',
    '2024-05-17T12:00:00Z',
  ],
  [
    'a millisecond before',
    { timeZone: 'UTC', at: '12:00' },
    '2024-05-17T11:59:59.999Z',
    '2024-05-16T12:00:00Z',
  ],
  [
    'with seconds',
    { timeZone: 'UTC', at: '17:30:15' },
    '2024-05-17T18:00:00Z',
    '2024-05-17T17:30:15Z',
  ],
  [
    'the zone’s day is ahead of UTC’s',
    { timeZone: 'Pacific/Kiritimati' },
    '2024-05-17T12:00:00Z',
    '2024-05-17T10:00:00Z',
  ],
  [
    'the zone’s day is behind UTC’s',
    { timeZone: 'Pacific/Honolulu' },
    '2024-05-17T05:00:00Z',
    '2024-05-16T10:00:00Z',
  ],
  [
    'an offset of 45 minutes',
    { timeZone: 'Asia/Kathmandu', at: '09:15' },
    '2024-05-17T12:00:00Z',
    '2024-05-17T03:30:00Z',
  ],
  [
    'days ago',
    { timeZone: 'Europe/Berlin', at: '09:00', daysAgo: 3 },
    '2024-05-17T12:00:00Z',
    '2024-05-14T07:00:00Z',
  ],
  [
    'days ago, before the clocks changed',
    { timeZone: 'Europe/Berlin', at: '09:00', daysAgo: 1 },
    '2024-03-31T12:00:00Z',
    '2024-03-30T08:00:00Z',
  ],
  [
    'days ago, counted from the last one',
    { timeZone: 'UTC', at: '09:00', daysAgo: 1 },
    '2024-05-17T08:00:00Z',
    '2024-05-15T09:00:00Z',
  ],
  [
    'over the leap day',
    { timeZone: 'UTC', daysAgo: 1 },
    '2024-03-01T08:00:00Z',
    '2024-02-29T00:00:00Z',
  ],
  // 2024-03-31 in Berlin: from 02:00 to 03:00, at 01:00 UTC.
  [
    'in the gap',
    { timeZone: 'Europe/Berlin', at: '02:30' },
    '2024-03-31T12:00:00Z',
    '2024-03-31T01:00:00Z',
  ],
  [
    'behind the gap',
    { timeZone: 'Europe/Berlin', at: '03:00' },
    '2024-03-31T12:00:00Z',
    '2024-03-31T01:00:00Z',
  ],
  [
    'before the gap',
    { timeZone: 'Europe/Berlin', at: '01:59:59' },
    '2024-03-31T12:00:00Z',
    '2024-03-31T00:59:59Z',
  ],
  [
    'in the gap, which is still to come',
    { timeZone: 'Europe/Berlin', at: '02:30' },
    '2024-03-31T00:59:59Z',
    '2024-03-30T01:30:00Z',
  ],
  [
    'midnight of a day with 23 hours',
    { timeZone: 'Europe/Berlin' },
    '2024-03-31T20:00:00Z',
    '2024-03-30T23:00:00Z',
  ],
  // 2024-10-27 in Berlin: from 03:00 back to 02:00, at 01:00 UTC.
  [
    'the first of two',
    { timeZone: 'Europe/Berlin', at: '02:30' },
    '2024-10-27T12:00:00Z',
    '2024-10-27T00:30:00Z',
  ],
  [
    'the first of two, at the second',
    { timeZone: 'Europe/Berlin', at: '02:30' },
    '2024-10-27T01:30:00Z',
    '2024-10-27T00:30:00Z',
  ],
  [
    'the first of two, between them',
    { timeZone: 'Europe/Berlin', at: '02:30' },
    '2024-10-27T01:10:00Z',
    '2024-10-27T00:30:00Z',
  ],
  [
    'at the change back',
    { timeZone: 'Europe/Berlin', at: '03:00' },
    '2024-10-27T12:00:00Z',
    '2024-10-27T02:00:00Z',
  ],
  [
    'midnight of a day with 25 hours',
    { timeZone: 'Europe/Berlin' },
    '2024-10-27T20:00:00Z',
    '2024-10-26T22:00:00Z',
  ],
  // 2018-11-04 in São Paulo: from 00:00 to 01:00, at 03:00 UTC.
  [
    'midnight in the gap',
    { timeZone: 'America/Sao_Paulo' },
    '2018-11-04T12:00:00Z',
    '2018-11-04T03:00:00Z',
  ],
  [
    'midnight in the gap, a day later',
    { timeZone: 'America/Sao_Paulo', daysAgo: 1 },
    '2018-11-05T12:00:00Z',
    '2018-11-04T03:00:00Z',
  ],
  // 2018-02-18: from 00:00 back to 23:00 of the day before, at 02:00 UTC.
  [
    'midnight, which comes once',
    { timeZone: 'America/Sao_Paulo' },
    '2018-02-18T12:00:00Z',
    '2018-02-18T03:00:00Z',
  ],
  [
    'the last hour of the day, twice',
    { timeZone: 'America/Sao_Paulo', at: '23:30' },
    '2018-02-18T02:40:00Z',
    '2018-02-18T01:30:00Z',
  ],
  // 2024-10-06 on Lord Howe Island: from 02:00 to 02:30, at 15:30 UTC of the day before.
  [
    'a gap of 30 minutes',
    { timeZone: 'Australia/Lord_Howe', at: '02:15' },
    '2024-10-06T12:00:00Z',
    '2024-10-05T15:30:00Z',
  ],
  // 2024-04-07: from 02:00 back to 01:30, at 15:00 UTC of the day before.
  [
    'the first of two, 30 minutes apart',
    { timeZone: 'Australia/Lord_Howe', at: '01:45' },
    '2024-04-07T12:00:00Z',
    '2024-04-06T14:45:00Z',
  ],
  // Samoa had no 2011-12-30: from its 00:00 to 2011-12-31 00:00, at 10:00 UTC.
  [
    'the day that there was not',
    { timeZone: 'Pacific/Apia', at: '09:00', daysAgo: 1 },
    '2011-12-31T00:00:00Z',
    '2011-12-30T10:00:00Z',
  ],
  [
    'the day before it',
    { timeZone: 'Pacific/Apia', at: '09:00', daysAgo: 2 },
    '2011-12-31T00:00:00Z',
    '2011-12-29T19:00:00Z',
  ],
  [
    'the day after it',
    { timeZone: 'Pacific/Apia', at: '09:00' },
    '2011-12-31T00:00:00Z',
    '2011-12-30T19:00:00Z',
  ],
])('a start of day: %s', (_, options, now, expected) => {
  expect(startOf(options, now)).toBe(expected)
})

test.each(['Europe/Berlni', '', 'CEST+2', '+02:00', 5, null, undefined, {}])(
  '%p is refused as a time zone',
  (timeZone) => {
    const error = raised(() => SourceTopic.fromStartOfDay('t', { timeZone: timeZone as string }))
    expect(error.code).toBe('ERR_INVALID_ARGUMENT')
    expect(error.message).toContain("must be an IANA time zone, as 'Europe/Berlin'")
  },
)

test.each(['9:00', '24:00', '09:60', '09:00:60', '09', 9, null, new Date()])(
  '%p is refused as a time of the day',
  (at) => {
    const make = () => SourceTopic.fromStartOfDay('t', { timeZone: 'UTC', at: at as string })
    expect(raised(make).message).toContain("must be a time of the day, as '09:00'")
  },
)

test.each([-1, 0.5, 36_501, '1', null, Number.NaN])('%p is refused as daysAgo', (daysAgo) => {
  const make = () =>
    SourceTopic.fromStartOfDay('t', { timeZone: 'UTC', daysAgo: daysAgo as number })
  expect(raised(make).message).toContain('daysAgo must be an integer')
})
