import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'

const RESULTS = new URL('./results/', import.meta.url)
const RECORDED = new URL('./recorded/', RESULTS)

/** What a result must say beside its figures: nothing that names the machine or a path on it. */
export function circumstances({ broker, contenders, options }) {
  return {
    date: new Date().toISOString(),
    machine: {
      ...{ cpu: cpus()[0].model, cores: cpus().length, memory: totalmem() },
      os: `${type()} ${release().split('-')[0]}`,
    },
    node: process.version,
    broker: broker?.what ?? null,
    versions: Object.fromEntries(contenders.map(({ name, version }) => [name, version])),
    settings: {
      ...{ set: options.set, runs: options.runs, peer_records: options.peerRecords },
      ...{ most_records: Number.isFinite(options.records) ? options.records : null },
    },
  }
}

/** @returns {string} where it is */
export function writeResult(result) {
  mkdirSync(RESULTS, { recursive: true })
  const file = new URL(`${result.date.replace(/[:.]/g, '-')}.json`, RESULTS)
  writeFileSync(file, text(result))
  return fileURLToPath(file)
}

/** Keeps a measurement in a file of its own, instead of what was recorded of it before. */
export function recordMeasurement(name, measurement, around) {
  mkdirSync(RECORDED, { recursive: true })
  writeFileSync(new URL(`${name}.json`, RECORDED), text({ name, ...around, ...measurement }))
}

/** What is recorded, by the name of the measurement. */
export function readRecorded() {
  const files = readdirSync(RECORDED).filter((name) => name.endsWith('.json'))
  const read = (file) => JSON.parse(readFileSync(new URL(file, RECORDED), 'utf8'))
  return new Map(files.map((file) => [file.slice(0, -'.json'.length), read(file)]))
}

const text = (result) => `${JSON.stringify(result, null, 1)}\n`
