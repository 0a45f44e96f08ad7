import { testPackage } from '../package/run.mjs'

/** The packed project, installed into an empty one: built from source there, and used. */
export async function packed() {
  return testPackage()
}
