// Next.js: one line, so that it loads tidemark from `node_modules` instead of bundling it.
export default {
  serverExternalPackages: ['tidemark'],
}
