// Reports: what sanitizers wrote about processes that the addon was loaded into.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Empties `directory` and returns the sanitizers' options that write the reports into it. */
export function reportTo(directory) {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  // With the module in each frame, to tell whose it is.
  return `log_path=${join(directory, 'report')}:stack_trace_format="    #%n %p in %f %S (%m)"`
}

/**
 * What there is to mend. Node itself leaves thousands of blocks behind when it ends, many of them
 * reachable from the collector's heap alone, where LeakSanitizer does not look; so of its reports
 * only those blocks count that the addon or librdkafka has allocated. Node is not instrumented and
 * makes its own locks; so of ThreadSanitizer's reports those count that the addon has a part in.
 */
export function readReports(directory) {
  return readdirSync(directory).flatMap((name) => {
    const report = readFileSync(join(directory, name), 'utf8')
    if (report.includes('ERROR: LeakSanitizer')) return report.split('\n\n').filter(isLeakOfAddon)
    if (report.includes('WARNING: ThreadSanitizer')) return report.split(/^=+$/m).filter(isOfAddon)
    return [report]
  })
}

const isOfAddon = (block) => block.includes('/tidemark.node)')
// V8 allocates below the addon too: whoever of the two is nearest to the allocation made it.
const isLeakOfAddon = (block) =>
  /^(Direct|Indirect) leak of /.test(block.trimStart()) &&
  /\(\S*\/(tidemark\.)?node\)/.exec(block)?.[1] !== undefined
