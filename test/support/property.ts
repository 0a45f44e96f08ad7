/**
 * Seed and number of runs of a property test. A failure prints the seed, and the path to the
 * smallest case found:
 *
 *   TIDEMARK_PROPERTY_SEED   the seed to repeat; random if not set
 *   TIDEMARK_PROPERTY_PATH   the path to repeat: that case alone
 *   TIDEMARK_PROPERTY_RUNS   how many random cases; each test has its own default
 */
export function propertyParameters(defaultRuns: number) {
  const { TIDEMARK_PROPERTY_SEED, TIDEMARK_PROPERTY_PATH, TIDEMARK_PROPERTY_RUNS } = process.env
  return {
    seed: Number(TIDEMARK_PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31)),
    ...(TIDEMARK_PROPERTY_PATH ? { path: TIDEMARK_PROPERTY_PATH } : {}),
    numRuns: Number(TIDEMARK_PROPERTY_RUNS ?? defaultRuns),
  }
}
