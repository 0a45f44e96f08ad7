import { rm } from 'node:fs/promises'
import { replayOf, take } from '../support/read-rows.js'
import { digestOf } from '../support/rows.js'
import { until } from '../support/until.js'
import { type CaptureScene, segmentsOf, setCaptureScene, untilBegun } from './capture-scene.js'

let scene: CaptureScene
setCaptureScene((begun) => {
  scene = begun
})

const GONE = {
  ...{ code: 'ERR_CAPTURE', systemCode: 'ENOENT' },
  message: expect.stringContaining('No such file or directory'),
}

test('a folder that vanishes ends the capture, and the stream goes on', async () => {
  const { manager, dir, ended } = await scene.open()
  await untilBegun(dir)
  await rm(dir, { recursive: true })
  const written = await scene.write(20)
  const rows = await take(manager, 20)
  await until('the event', () => ended().length > 0)
  expect(digestOf(rows)).toBe(digestOf(written))
  await manager.close()
  expect(ended()).toEqual([{ type: 'captureEnded', ...GONE }])
})

test("with onError 'stream' a folder that vanishes ends the stream", async () => {
  const { manager, dir, ended } = await scene.open({ onError: 'stream' })
  await untilBegun(dir)
  await rm(dir, { recursive: true })
  await scene.write(20)
  const readAll = async () => {
    for (;;) await manager.poll()
  }
  await expect(readAll()).rejects.toMatchObject({ ...GONE, retriable: false })
  await manager.close()
  expect(ended()).toEqual([])
})

// What is open goes on being written, though it has no name any more.
test.each(['event', 'stream'] as const)(
  'with onError %j close tells of a segment that it cannot complete',
  async (onError) => {
    const written = await scene.write(3)
    const { manager, dir, ended } = await scene.open({ onError })
    const rows = await replayOf(manager)
    await until('they are written', async () => (await segmentsOf(dir, 0)).length === 1)
    await rm(dir, { recursive: true })
    await manager.close()
    expect(digestOf(rows)).toBe(digestOf(written))
    expect(ended()).toEqual([{ type: 'captureEnded', ...GONE }])
  },
)
