// Stand-in toolchain: a c++ and a make that hand the clone's addon over instead of building it. What a
// build really does, test/package/run.mjs shows; how each package manager runs it takes no compiler.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../steps/command.mjs'

const OUTPUT = 'while [ $# -gt 0 ]; do [ "$1" = -o ] && output=$2; shift; done'

const PROGRAMS = {
  'c++': `case "$*" in
  *-fsyntax-only*) exit 0 ;;
  *-shared* | *-bundle*) ready=${join(root, 'build/Release/tidemark.node')} ;;
  *) ready=/dev/null ;;
esac
${OUTPUT}
[ -z "$output" ] || cp "$ready" "$output"`,
  make: 'case "$*" in *librdkafka.a*) : > src/librdkafka.a ;; esac',
}

/** Makes it in `folder`. Returns the PATH that has it first. */
export function standInToolchain(folder) {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(PROGRAMS)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  }
  return `${folder}:${process.env.PATH}`
}
