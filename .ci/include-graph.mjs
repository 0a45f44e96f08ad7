// The folders of native/ and what they include, as a Mermaid flowchart. Tests are left out.
//
//   npm run --silent graph [-- <folder> --arrows]
//
//   <folder>   another folder than native/: an older commit's, say
//   --arrows   without the number of includes: docs/design.md has these
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { includesOf } from './include-directions.mjs'

const [folder] = argv.slice(2).filter((argument) => !argument.startsWith('--'))
const native = folder ?? fileURLToPath(new URL('../native', import.meta.url))

const isShipped = ({ file, from }) =>
  !file.endsWith('_test.cc') && !/^(fuzz|librdkafka\/test|test(ing)?_support)$/.test(from)
const counts = new Map()
for (const include of includesOf(native).filter(isShipped)) {
  const { from, to = include.foreign } = include
  if (from === '' || to === '' || from === to) continue
  const arrow = `${from} --> ${to}`
  counts.set(arrow, (counts.get(arrow) ?? 0) + 1)
}
const lines = [...counts].map(([arrow, count]) =>
  argv.includes('--arrows') ? `  ${arrow}` : `  ${arrow.replace('-->', `-->|${count}|`)}`,
)
console.log(['flowchart TD', ...lines.sort()].join('\n'))
