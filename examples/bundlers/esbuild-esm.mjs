// esbuild, ES module: no option is needed. The bundle finds the addon in `node_modules`, beside it or
// above: to run it elsewhere, copy node_modules/@tidemark with it.
import { build } from 'esbuild'

await build({
  entryPoints: ['app.mjs'],
  outfile: 'out/esbuild-esm/app.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
})
