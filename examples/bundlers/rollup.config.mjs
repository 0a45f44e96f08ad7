// rollup: the addon stays in `node_modules`, beside the bundle or above. To run it elsewhere, copy
// node_modules/@tidemark with it.
import commonjs from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'

export default {
  input: 'app.mjs',
  output: { dir: 'out/rollup', entryFileNames: '[name].mjs', format: 'es' },
  plugins: [nodeResolve({ exportConditions: ['node'] }), commonjs()],
}
