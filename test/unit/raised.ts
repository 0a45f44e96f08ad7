import { TidemarkError } from '../../src/errors.js'

/** The TidemarkError that `work` throws. */
export function raised(work: () => unknown): TidemarkError {
  try {
    work()
  } catch (error) {
    if (error instanceof TidemarkError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
