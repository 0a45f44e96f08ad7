// For NODE_OPTIONS=--require: loads TIDEMARK_INSTRUMENTED_ADDON wherever the ordinary addon is asked
// for, in jest, in worker threads and in child processes alike.
const { join } = require('node:path')

const ordinary = join(__dirname, '../../build/Release/tidemark.node')
const instrumented = process.env.TIDEMARK_INSTRUMENTED_ADDON
const { dlopen } = process
process.dlopen = (module, file, ...rest) =>
  dlopen.call(process, module, file === ordinary ? instrumented : file, ...rest)
