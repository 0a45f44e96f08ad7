import { buildNativeTests, runGoogleTest } from './googletest.mjs'

/** The merge core against an oracle; `npm run test:simulation` runs more of it. */
export async function simulation() {
  buildNativeTests('build/native')
  return runGoogleTest('build/native/simulation_test')
}
