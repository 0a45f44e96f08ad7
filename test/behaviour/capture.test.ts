import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { replayOf } from '../support/read-rows.js'
import { digestOf } from '../support/rows.js'
import { until } from '../support/until.js'
import {
  type CaptureScene,
  replayFrom,
  SEGMENT,
  segmentAt,
  segmentsOf,
  setCaptureScene,
} from './capture-scene.js'

let scene: CaptureScene
setCaptureScene((begun) => {
  scene = begun
})

test('segments are complete as they fill, and the last ones when the manager is closed', async () => {
  const written = await scene.write(20)
  const { manager, dir, ended } = await scene.open()
  expect(digestOf(await replayOf(manager))).toBe(digestOf(written))
  await until('three are complete', async () => {
    const names = await segmentsOf(dir, 0)
    return names.filter((name) => name.endsWith('.log')).length === 3
  })
  await manager.close()
  expect((await readdir(dir)).sort()).toEqual(['t-0', 't-1'])
  expect(await segmentsOf(dir, 0)).toEqual([0, 6, 12, 18].map(segmentAt))
  expect(await segmentsOf(dir, 1)).toEqual([])
  expect(ended()).toEqual([])
  await using replay = await replayFrom(dir)
  expect(digestOf(await replayOf(replay))).toBe(digestOf(written))
})

test('what is complete can be read while the capture goes on', async () => {
  const written = await scene.write(20)
  const { manager, dir, ended } = await scene.open()
  await replayOf(manager)
  await until('the last one is begun', async () => (await segmentsOf(dir, 0)).length === 4)
  await using replay = await replayFrom(dir)
  expect(digestOf(await replayOf(replay))).toBe(digestOf(written.slice(0, 18)))
  await manager.close()
  expect(ended()).toEqual([])
  await using whole = await replayFrom(dir)
  expect(digestOf(await replayOf(whole))).toBe(digestOf(written))
})

test('no more than maxBytes stay, and they are the newest', async () => {
  const { manager, dir } = await scene.open({ maxBytes: 3 * SEGMENT })
  await scene.write(40)
  await replayOf(manager)
  await until('the last one is read', async () => {
    await manager.poll()
    return (await segmentsOf(dir, 0)).some((name) => name.startsWith(segmentAt(36)))
  })
  await manager.close()
  const names = await segmentsOf(dir, 0)
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(dir, 't-0', name))).size),
  )
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3 * SEGMENT)
  expect(names.at(-1)).toBe(segmentAt(36))
  expect(names.length).toBeGreaterThan(1)
})

test("with onError 'stream' a queue of one fetch is enough for all of them", async () => {
  const written = await scene.write(400)
  const { manager, dir, ended } = await scene.open({ onError: 'stream', maxQueuedBytes: 2 ** 20 })
  expect(digestOf(await replayOf(manager))).toBe(digestOf(written))
  await manager.close()
  expect((await segmentsOf(dir, 0)).length).toBe(Math.ceil(400 / 6))
  expect(ended()).toEqual([])
})
