import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'

/**
 * Loads an ES module, by its path from the root of the repository: jest does not load them here, so
 * it comes in as one CommonJS text.
 */
export function loadModule<T>(file: string): T {
  const path = join(__dirname, '../..', file)
  const [output] = buildSync({
    entryPoints: [path],
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(path).href) },
    ...{ bundle: true, write: false, platform: 'node', format: 'cjs' },
  }).outputFiles
  const loaded = { exports: {} }
  new Function('module', 'require', String(output?.text))(loaded, require)
  return loaded.exports as T
}
