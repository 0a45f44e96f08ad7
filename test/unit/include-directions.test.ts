import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from '../support/run-program.js'

let native: string
beforeEach(() => {
  native = mkdtempSync(join(tmpdir(), 'includes-'))
})
afterEach(() => rmSync(native, { recursive: true }))

function write(files: Record<string, string>) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(native, file)), { recursive: true })
    writeFileSync(join(native, file), text)
  }
}

/** What the check says of the tree that was written. */
async function faults(): Promise<string[]> {
  const { result, stderr } = await run(
    `const { faultsIn } = await import('./.ci/include-directions.mjs')
     report(faultsIn(${JSON.stringify(native)}))`,
  )
  expect(stderr).toBe('')
  return result
}

test('includes that follow the direction pass', async () => {
  write({
    'status.h': '#include <string>\n',
    'log/record.h': '#include "status.h"\n',
    'merge/partition.h': '#include "log/record.h"\n#include "merge/tree.h"\n',
    'merge/tree.h': '',
    'merge/partition_test.cc': '#include <gtest/gtest.h>\n#include "test_support/dice.h"\n',
    'test_support/dice.h': '#include "merge/partition.h"\n',
    'kafka/client.h': '#include <librdkafka/rdkafka.h>\n#include "log/record.h"\n',
    'node/addon.cc': '#include <napi.h>\n',
  })
  expect(await faults()).toEqual([])
})

test('an include that points back is named, with its line', async () => {
  write({
    'log/record.h': '#pragma once\n\n#include "merge/partition.h"\n',
    'merge/partition.h': '#include "log/record.h"\n',
  })
  expect(await faults()).toEqual([
    'native/log/record.h:3: native/log may not include native/merge (merge/partition.h)',
  ])
})

test('a header beside its file counts as one of its folder', async () => {
  write({
    'merge/a.h': '',
    'merge/b.h': '#include "a.h"\n',
    'log/c.h': '#include "../merge/a.h"\n',
  })
  expect(await faults()).toEqual([
    'native/log/c.h:1: native/log may not include native/merge (../merge/a.h)',
  ])
})

test.each([
  ['log', 'status.h', 'a file directly in native/', '"log/record.h"', 'native/log'],
  ['a fixture', 'merge/x.cc', 'native/merge', '"test_support/dice.h"', 'native/test_support'],
  ['librdkafka', 'engine/x.h', 'native/engine', '<librdkafka/rdkafka.h>', 'headers of librdkafka'],
  ['napi', 'engine/x_test.cc', 'native/engine', '<napi.h>', 'headers of napi'],
  ['a folder', 'new/x.h', 'native/new', '"log/record.h"', 'native/log'],
])('%s is refused where the rule does not have it: %s', async (_, file, from, header, target) => {
  write({ 'log/record.h': '', 'test_support/dice.h': '', [file]: `#include ${header}\n` })
  expect(await faults()).toEqual([
    `native/${file}:1: ${from} may not include ${target} (${header.slice(1, -1)})`,
  ])
})

test('the rule itself has no circle: a folder knows those above it only', async () => {
  const { result } = await run("report((await import('./.ci/include-directions.mjs')).FOLDERS)")
  const order = Object.keys(result)
  for (const [folder, known] of Object.entries<string[]>(result)) {
    expect(order.slice(0, order.indexOf(folder))).toEqual(expect.arrayContaining(known))
  }
})
