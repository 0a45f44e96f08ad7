import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CLEAN, run } from '../support/run-program.js'

/** In a file system of its own, that has room for so much. */
const onDisk = (folder: string, options: string) => [
  ...['unshare', '--map-root-user', '--mount', 'sh', '-c'],
  ...[`mount -t tmpfs -o ${options} tmpfs '${folder}' && exec "$@"`, 'sh'],
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-capture-refused-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const mounts = spawnSync('unshare', [
  '--map-root-user',
  '--mount',
  'mount',
  '-t',
  'tmpfs',
  't',
  '/mnt',
])
const testOnDisk = mounts.status === 0 ? test : test.skip
const hasLimits = spawnSync('prlimit', ['--fsize=100000', 'true']).status === 0

/**
 * Captures 20,000 records, which are written once the manager is open. Reports how many came, what ended
 * the stream, the events, and how many segments are complete.
 */
const capturing = (
  onError: string,
  { before = '', dir = `join(folder, '${onError}')`, opened = '' } = {},
) => `
  const { chmodSync, mkdtempSync, readdirSync, rmSync } = await import('node:fs')
  const { join } = await import('node:path')
  await import('apache-arrow')
  let folder = ${JSON.stringify(folder)}
  ${before}
  const { cluster, config } = await startFilled({ records: 0 })
  const ended = []
  const onEvent = (event) => event.type === 'captureEnded' && ended.push(event)
  const capture = { dir: ${dir}, onError: '${onError}', segmentBytes: 65_536 }
  let manager
  let rows = 0
  let error = null
  try {
    manager = await open(config, { capture, onEvent })
    ${opened}
    await fill(config, 't', { records: 20_000, producer: { 'batch.num.messages': 100 } })
    while (rows < 20_000) {
      const batch = await manager.poll(10_000)
      rows += batch.numRows
      manager.release(batch)
    }
    await until('the capture has ended', () => ended.length > 0)
  } catch ({ code, systemCode, message }) {
    error = { code, systemCode, message }
  }
  await manager?.close()
  await cluster.close()
  const names = manager ? readdirSync(capture.dir, { recursive: true }) : []
  report({ rows, error, ended, segments: names.filter((name) => name.endsWith('.log')).length })
`

/** What becomes of a stream whose capture meets a fault on its way, with either `onError`. */
async function expectEnd(
  fault: { systemCode: string; message: unknown },
  through: string[],
  script?: Parameters<typeof capturing>[1],
): Promise<number[]> {
  const error = { code: 'ERR_CAPTURE', ...fault }
  const event = await run(capturing('event', script), { through })
  const ended = [{ type: 'captureEnded', ...error }]
  expect(event).toMatchObject({ ...CLEAN, result: { rows: 20_000, error: null, ended } })
  const stream = await run(capturing('stream', script), { through })
  expect(stream).toMatchObject({ ...CLEAN, result: { error, ended: [] } })
  return [event, stream].map(({ result }) => result.segments)
}

testOnDisk('a full disk keeps what was complete before', async () => {
  const message = expect.stringMatching(/No space left on device.*capture\.maxBytes/)
  const segments = await expectEnd({ systemCode: 'ENOSPC', message }, onDisk(folder, 'size=1m'))
  for (const count of segments) expect(count).toBeGreaterThan(5)
})

testOnDisk('a file system that is read-only is an error of create', async () => {
  const { result } = await run(capturing('event'), { through: onDisk(folder, 'ro') })
  expect(result).toMatchObject({
    error: {
      ...{ code: 'ERR_CAPTURE', systemCode: 'EROFS' },
      message: expect.stringContaining('give this process the right to write there'),
    },
  })
})

const testWithLimits = hasLimits ? test : test.skip
testWithLimits('a limit of the size of a file keeps what was written before', async () => {
  const message = expect.stringMatching(/File too large.*ulimit -f/)
  const segments = await expectEnd({ systemCode: 'EFBIG', message }, ['prlimit', '--fsize=40000'])
  for (const count of segments) expect(count).toBeGreaterThan(0)
})

/** Root may write everywhere. */
const AS_NOBODY = `
  if (process.getuid() === 0) process.setuid(65534)
  folder = mkdtempSync(join(${JSON.stringify(tmpdir())}, 'tidemark-capture-refused-'))
  process.on('exit', () => {
    chmodSync(folder, 0o755)
    for (const name of readdirSync(folder, { recursive: true })) chmodSync(join(folder, name), 0o755)
    rmSync(folder, { recursive: true })
  })
`

test('a folder that this process may not write to is an error of create', async () => {
  const before = `${AS_NOBODY}\nchmodSync(folder, 0o555)`
  const error = {
    ...{ code: 'ERR_CAPTURE', systemCode: 'EACCES' },
    message: expect.stringMatching(/Permission denied.*the right to write there/),
  }
  for (const dir of ['folder', "join(folder, 'capture')"]) {
    const { result } = await run(capturing('event', { before, dir }))
    expect(result).toMatchObject({ error })
  }
})

test('a folder that becomes read-only ends the capture', async () => {
  const message = expect.stringContaining('Permission denied')
  const opened = `
    await until('each partition has a folder', () => readdirSync(capture.dir).length === 4)
    for (const name of readdirSync(capture.dir)) chmodSync(join(capture.dir, name), 0o555)
  `
  await expectEnd({ systemCode: 'EACCES', message }, [], { before: AS_NOBODY, opened })
})
