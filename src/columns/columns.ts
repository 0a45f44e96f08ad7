import type {
  Binary,
  Dictionary,
  Int8,
  Int32,
  Int64,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow'
import { describe } from '../describe.js'
import { TidemarkError } from '../errors.js'
import { suggestion } from '../suggestion.js'

/** The columns of a RecordBatch of `poll`, unless the option `columns` chooses others. */
export type RecordColumns = {
  /** nullable: null if the record has no key; an empty key is not null */
  key: Binary
  /** nullable: null for a tombstone; an empty value is not null */
  value: Binary
  /** one dictionary for all batches of a manager */
  topic: Dictionary<Utf8, Int32>
  partition: Int32
  /** a cell is a bigint */
  offset: Int64
  /**
   * nullable: null if the record has none. Milliseconds since 1970, UTC. A cell is a number, beyond
   * 2^53 the nearest one; `toArray()` of the column is a BigInt64Array with the exact values.
   */
  timestamp: TimestampMillisecond
}

/** Columns that a batch has only if the option `columns` names them. */
export type OptionalColumns = {
  /** whose time `timestamp` is: `CreateTime`, the producer's, or `LogAppendTime`, the broker's */
  timestamp_type: Dictionary<Utf8, Int8>
  /** the name of the record's source, one of `sources`; empty without that option */
  source: Dictionary<Utf8, Int32>
}

/** What the option `columns` can name. */
export type ColumnName = keyof RecordColumns | keyof OptionalColumns

/** The columns of these names. */
export type ColumnsOf<Name extends ColumnName> = Pick<RecordColumns & OptionalColumns, Name>

/**
 * @param known the names that native code has writers for
 * @throws TidemarkError `ERR_INVALID_OPTION`
 */
export function checkColumns(value: unknown, known: readonly string[]): string[] {
  const all = known.map((name) => `'${name}'`).join(', ')
  if (!Array.isArray(value)) {
    throw invalid(`columns must be an array of names, as ['key', 'value'], not ${describe(value)}`)
  }
  if (value.length === 0) {
    throw invalid(`columns is empty; name one or more of ${all}, or leave the option out`)
  }
  const names = new Set<string>()
  for (const name of Array.from(value)) {
    if (typeof name !== 'string') {
      throw invalid(`columns must hold names, not ${describe(name)}; there are ${all}`)
    }
    if (!known.includes(name)) {
      const meant = suggestion(name, known) || `; there are ${all}`
      throw invalid(`columns has '${name}', which is no column${meant}`)
    }
    if (names.has(name)) throw invalid(`columns has '${name}' twice; name each column once`)
    names.add(name)
  }
  return [...names]
}

function invalid(message: string): TidemarkError {
  return new TidemarkError('ERR_INVALID_OPTION', message)
}
