import { buildNativeTests, runGoogleTest } from './googletest.mjs'

/** The merge core and the engine against plain models; `npm run test:simulation` runs more of it. */
export async function simulation() {
  buildNativeTests('build/native')
  return runGoogleTest('build/native/simulation_test')
}
