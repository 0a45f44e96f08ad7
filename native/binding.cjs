// Binding: loads the addon, for both module systems.
'use strict'

const { join } = require('node:path')

const file = join(__dirname, '..', 'build', 'Release', 'tidemark.node')
try {
  module.exports = require(file)
} catch (cause) {
  const error = new Error(
    `tidemark: the native addon could not be loaded from ${file}: ${cause.message}. ` +
      'In a clone run `npm run setup`; in a project that uses tidemark run ' +
      '`npm rebuild tidemark --ignore-scripts=false`.',
    { cause },
  )
  throw Object.assign(error, { code: 'ERR_NATIVE_ADDON' })
}
