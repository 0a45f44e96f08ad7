/** Rows of text, the head first, in columns as wide as they need. */
export function textTable(rows) {
  const [head, ...body] = padded(rows, 1)
  const line = (row) => row.join('  ').trimEnd()
  return [line(head), line(head.map(rule)), ...body.map(line)].join('\n')
}

export function markdownTable(rows) {
  const [head, ...body] = padded(rows, 3)
  return [head, head.map(rule), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function padded(rows, least) {
  const widths = rows[0].map((_, i) => Math.max(least, ...rows.map((row) => row[i].length)))
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i])))
}

const rule = (cell) => '-'.repeat(cell.length)
