import { runJest } from './jest.mjs'

/** What needs more than this process. */
export const OTHERS = ['kafka', 'brokers', 'chaos', 'captures']

/** All of jest that needs no broker but those inside the process. */
export async function typescript() {
  return runJest('typescript', ['--ignoreProjects', ...OTHERS, '--maxWorkers', '2'])
}
