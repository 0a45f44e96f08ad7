// Edit: one change of one file of librdkafka's source, found by an exact anchor in upstream's text.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const edit = (file, anchor, at, length, text) => ({ file, anchor, at, length, text })

/** Puts `text` in the place of `anchor`. */
export const replace = (file, anchor, text) => edit(file, anchor, 0, anchor.length, text)

/** Puts `text` in the place of `part`, which `anchor` has once. */
export function within(file, anchor, part, text) {
  return edit(file, anchor, find(anchor, part, `an anchor in ${file}`), part.length, text)
}

/** Puts `text` on the lines behind `anchor`. */
export const after = (file, anchor, text) => edit(file, anchor, anchor.length, 0, `\n${text}`)

/** Puts `text` on the lines before `anchor`. */
export const before = (file, anchor, text) => edit(file, anchor, 0, 0, `${text}\n`)

/** Where `text` has `anchor`. Not exactly once: upstream changed, and somebody must read how. */
function find(text, anchor, name) {
  const count = text.split(anchor).length - 1
  if (count !== 1) {
    throw new Error(
      `librdkafka patch: this anchor matches ${count} times in ${name}, not once. ` +
        `Read what upstream changed there (README.md, Upgrading):\n${anchor}`,
    )
  }
  return text.indexOf(anchor)
}

/**
 * Returns `source`, the file `name` as upstream has it, with the edits made. Every anchor is looked
 * for in upstream's text, none in what another edit has written, and no two edits may be at one
 * place: so their order says nothing.
 */
export function edited(name, source, edits) {
  const places = edits.map(({ anchor, at, length, text }) => {
    const start = find(source, anchor, name) + at
    return { anchor, start, end: start + length, text }
  })
  places.sort((a, b) => a.start - b.start || a.end - b.end)
  let done = 0
  let result = ''
  for (const [i, { anchor, start, end, text }] of places.entries()) {
    const last = places[i - 1]
    if (last && (start < last.end || end === last.start)) {
      throw new Error(
        `librdkafka patch: two edits of ${name} are at one place. Make one of them:\n` +
          `${last.anchor}\n--- and ---\n${anchor}`,
      )
    }
    result += source.slice(done, start) + text
    done = end
  }
  return result + source.slice(done)
}

/** Makes the edits in the files below `directory`, all or none. */
export function applyEdits(directory, edits) {
  const results = new Map()
  for (const name of new Set(edits.map(({ file }) => file))) {
    const path = join(directory, name)
    const own = edits.filter(({ file }) => file === name)
    results.set(path, edited(name, readFileSync(path, 'utf8'), own))
  }
  for (const [path, text] of results) writeFileSync(path, text)
}
