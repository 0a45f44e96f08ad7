/** `; did you mean 'x'?` for the nearest of the known names, or nothing when none is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  const wanted = simplified(name)
  let nearest = ''
  let nearestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(wanted, simplified(candidate))
    if (distance < nearestDistance) {
      nearest = candidate
      nearestDistance = distance
    }
  }
  return nearest === '' ? '' : `; did you mean '${nearest}'?`
}

/** `bootstrapServers`, `bootstrap_servers` and `bootstrap.servers` are the same to a reader. */
export function simplified(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '')
}

/** Levenshtein's distance, by one row of its table. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
