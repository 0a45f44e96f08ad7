// webpack: the addon stays in `node_modules`, beside the bundle or above. To run it elsewhere, copy
// node_modules/@tidemark with it.
module.exports = {
  mode: 'production',
  target: 'node',
  entry: './app.mjs',
  output: { path: `${__dirname}/out/webpack`, filename: 'app.cjs' },
  externals: [/^@tidemark\//, /tidemark\.node$/],
  externalsType: 'commonjs',
}
