// For NODE_OPTIONS=--require: loads TIDEMARK_TEST_ADDON wherever the ordinary addon is asked for, in
// jest, in worker threads and in child processes alike, and notes that it did.
const { appendFileSync } = require('node:fs')
const { join } = require('node:path')

const ordinary = join(__dirname, '../../build/Release/tidemark.node')
const other = process.env.TIDEMARK_TEST_ADDON
const { dlopen } = process
process.dlopen = (module, file, ...rest) => {
  if (file !== ordinary) return dlopen.call(process, module, file, ...rest)
  appendFileSync(`${other}.loads`, `${process.pid}\n`)
  return dlopen.call(process, module, other, ...rest)
}
