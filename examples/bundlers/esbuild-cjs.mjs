// esbuild, CommonJS: copies the addon beside the bundle, which then needs no `node_modules`. esbuild sees
// the addon where the application says `require('tidemark')`; where it says `import`, as in esbuild-esm.mjs.
import { build } from 'esbuild'

await build({
  entryPoints: ['app.cjs'],
  outdir: 'out/esbuild-cjs',
  bundle: true,
  platform: 'node',
  loader: { '.node': 'copy' },
  outExtension: { '.js': '.cjs' },
})
