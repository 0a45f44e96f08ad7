/** The documentation, as tests read it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './program.js'

export const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
export const text = (page: string) => readFileSync(join(ROOT, page), 'utf8')
export const blocks = (page: string) =>
  [...text(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code as string)

/** The names in the first cells of the table below a heading. */
export function namesInTable(page: string, heading: string): string[] {
  const [, section = ''] = text(page).split(`\n${heading}\n`)
  const [table = ''] = section.match(/^\|[\s\S]*?\n(?!\|)/m) ?? []
  const cells = table
    .split('\n')
    .slice(2)
    .map((line) => line.split(' | ')[0] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string))
}
