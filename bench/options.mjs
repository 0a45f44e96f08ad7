import { parseArgs } from 'node:util'
import { MEASUREMENTS, SETS } from './measurements.mjs'

export const USAGE = `npm run bench [-- options]

  --bootstrap host:port  your broker; without it one is started for the time of the run
  --set name             ${Object.keys(SETS).join(', ')}; default: default
  --measure names        some measurements instead of a set: see --list
  --contenders names     some contenders, with commas between; tidemark, discard and limit are
                         what the ratios need
  --runs n               counted rounds
  --records n            at most so many records a topic
  --record               keep the results in bench/results/recorded and renew docs/performance.md
  --list                 what there is to measure`

/** @returns the options, checked; throws what to tell the user */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      bootstrap: { type: 'string' },
      set: { type: 'string', default: 'default' },
      measure: { type: 'string' },
      contenders: { type: 'string' },
      runs: { type: 'string' },
      records: { type: 'string' },
      record: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const set = SETS[values.set]
  if (!set) throw new Error(`no set ${values.set}; there are ${Object.keys(SETS).join(', ')}`)
  return {
    ...values,
    contenders: values.contenders?.split(','),
    measurements: values.measure ? named(values.measure) : ofSet(values.set),
    runs: positive(values, 'runs') ?? set.runs,
    records: positive(values, 'records') ?? set.records,
    peerRecords: set.peerRecords,
    liveSeconds: set.liveSeconds,
  }
}

function positive(values, name) {
  if (values[name] === undefined) return undefined
  const number = Number(values[name])
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${name}: a number from 1 on`)
  return number
}

function named(names) {
  return names.split(',').map((name) => {
    const found = MEASUREMENTS.find((measurement) => measurement.name === name)
    if (!found) throw new Error(`no measurement ${name}: see --list`)
    return found
  })
}

const ofSet = (set) => MEASUREMENTS.filter(({ sets }) => sets.includes(set))
