// Next.js: builds an application with one route that reads a stream, with the line of
// examples/bundlers/next.config.mjs, and asks it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { root } from '../steps/command.mjs'
import { arrow } from './published.mjs'

const NEXT = ['next@16.4.6', 'react@19', 'react-dom@19']
const env = { NEXT_TELEMETRY_DISABLED: '1' }

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** What the route says, once the server listens. */
async function ask(project, port) {
  const next = project.path('node_modules/next/dist/bin/next')
  const server = spawn('node', [next, 'start', '-p', String(port)], {
    ...{ cwd: project.folder, env: { ...process.env, ...env }, stdio: 'ignore' },
  })
  try {
    const deadline = performance.now() + 60_000
    for (;;) {
      try {
        return await (await fetch(`http://127.0.0.1:${port}/rows`)).text()
      } catch (error) {
        if (performance.now() > deadline || server.exitCode !== null) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  } finally {
    server.kill()
  }
}

export async function tryNext(project, { packed }) {
  try {
    const app = readFileSync(join(root, 'examples/bundlers/app.mjs'), 'utf8')
    const [imports, body] = app.split(/\n\n([\s\S]*)/)
    const answer = body.replace(/console\.log\((.*)\)/, 'const answer = $1')
    assert(answer !== body)
    project.write(
      'app/rows/route.js',
      `${imports}\nexport const dynamic = 'force-dynamic'\n` +
        `export async function GET() {\n${answer}\nreturn new Response(answer)\n}\n`,
    )
    project.write('app/layout.js', 'export default ({ children }) => children\n')
    copyFileSync(join(root, 'examples/bundlers/next.config.mjs'), project.path('next.config.mjs'))
    await project.run('npm', [
      ...[
        'install',
        '--prefer-offline',
        '--no-audit',
        '--no-fund',
        packed.tidemark,
        arrow,
        ...NEXT,
      ],
    ])
    await project.run('node', ['node_modules/next/dist/bin/next', 'build'], { env })
    // What `output: 'standalone'` and deployments copy.
    const traced = readFileSync(project.path('.next/server/app/rows/route.js.nft.json'), 'utf8')
    assert.match(traced, /@tidemark\/[a-z0-9-]+\/tidemark\.node/)
    assert.equal(await ask(project, await freePort()), 'replayed 3 rows')
  } finally {
    project.remove()
  }
}
