import { testPackage } from '../package/run.mjs'

/** What would be published, packed and installed into an empty project, and used there. */
export async function packed() {
  return testPackage()
}
