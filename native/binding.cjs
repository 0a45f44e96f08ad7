// Binding: loads the addon, for both module systems.
'use strict'

let file = 'build/Release/tidemark.node'
try {
  const { join } = require('node:path')
  file = join(__dirname, '..', file)
  module.exports = require(file)
} catch (cause) {
  const error = new Error(
    `tidemark: the native addon could not be loaded from ${file}: ${cause.message}. ${advice()}`,
    { cause },
  )
  throw Object.assign(error, { code: 'ERR_NATIVE_ADDON' })
}

/** A bundler moves this code away from the addon, and may leave neither `require` nor `__filename`. */
function advice() {
  const isHere = typeof __filename === 'string' && /^\/.*\/native\/binding\.cjs$/.test(__filename)
  return isHere
    ? 'In a clone run `npm run setup`; in a project that uses tidemark run ' +
        '`npm rebuild tidemark --ignore-scripts=false`.'
    : 'A bundler has moved its code; tell it to leave tidemark where it is, in node_modules: ' +
        'esbuild `--external:tidemark`, webpack `externals: { tidemark: "commonjs tidemark" }`, ' +
        "rollup and Vite `external: ['tidemark']` (also 'tidemark/testing'), Next.js " +
        "`serverExternalPackages: ['tidemark']`."
}
