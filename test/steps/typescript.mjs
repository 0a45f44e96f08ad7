import { runJest } from './jest.mjs'

/** All of jest that needs no broker but those inside the process. */
export async function typescript() {
  return runJest('typescript', ['--ignoreProjects', 'kafka', '--maxWorkers', '2'])
}
