// Edit: one change of one file of librdkafka's source, found by an exact anchor.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Puts `text` in the place of `anchor`. */
export const replace = (file, anchor, text) => ({ file, anchor, text })

/** Puts `text` on the lines behind `anchor`. */
export const after = (file, anchor, text) => replace(file, anchor, `${anchor}\n${text}`)

/** Puts `text` on the lines before `anchor`. */
export const before = (file, anchor, text) => replace(file, anchor, `${text}\n${anchor}`)

/**
 * Applies the edits to the files below `directory`. An anchor that does not match exactly once
 * throws: the source has changed there, and somebody must read what it says now.
 */
export function applyEdits(directory, edits) {
  const texts = new Map()
  for (const { file, anchor, text } of edits) {
    const source = texts.get(file) ?? readFileSync(join(directory, file), 'utf8')
    const parts = source.split(anchor)
    if (parts.length !== 2) {
      throw new Error(
        `librdkafka patch: this anchor matches ${parts.length - 1} times in ${file}, ` +
          `not once. Read what upstream changed there (README.md, Upgrading):\n${anchor}`,
      )
    }
    texts.set(file, parts.join(text))
  }
  for (const [file, text] of texts) writeFileSync(join(directory, file), text)
}
