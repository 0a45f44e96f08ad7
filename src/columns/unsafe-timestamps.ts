import { Data, type TimestampMillisecond } from './arrow.js'

/**
 * Lets apache-arrow read the cells of a column that has timestamps beyond 2^53, which it refuses to
 * make numbers of: one record with nanoseconds for milliseconds made whole batches unreadable.
 *
 * Arrow reads a cell by `getValid(index)`, then `values[index]`, and throws for a bigint that no number
 * holds, but makes a number of a boxed one, the nearest. So the `values` that are read next after such
 * a cell was asked for box it; whoever else reads them there can compute with it as with any bigint.
 * At all other times they are the column's own memory, exact. What is sliced or joined is readable, too.
 */
export function withReadableCells(data: Data<TimestampMillisecond>): Data<TimestampMillisecond> {
  const values = data.values as unknown as BigInt64Array
  const boxed = new Proxy(values, BOX_UNSAFE)
  let isCellNext = false
  return Object.defineProperties(data, {
    getValid: {
      value(index: number) {
        const isValid = Data.prototype.getValid.call(data, index)
        isCellNext = isValid && isUnsafe(values[index])
        return isValid
      },
    },
    values: {
      get() {
        const isCell = isCellNext
        isCellNext = false
        return isCell ? boxed : values
      },
    },
    clone: {
      value(...args: Parameters<typeof data.clone>) {
        isCellNext = false
        return withReadableCells(Data.prototype.clone.apply(data, args) as typeof data)
      },
    },
  })
}

const BOX_UNSAFE: ProxyHandler<BigInt64Array> = {
  get(values, key) {
    const value = Reflect.get(values, key, values)
    if (typeof value === 'function') return value.bind(values)
    return isUnsafe(value) ? Object(value) : value
  },
}

function isUnsafe(value: unknown): value is bigint {
  return typeof value === 'bigint' && !Number.isSafeInteger(Number(value))
}
