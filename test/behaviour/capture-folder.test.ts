import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replayOf } from '../support/read-rows.js'
import { digestOf } from '../support/rows.js'
import { type CaptureScene, replayFrom, setCaptureScene } from './capture-scene.js'

let scene: CaptureScene
setCaptureScene((begun) => {
  scene = begun
})

test.each(['notes.txt', '.lock', 'meta.properties'])(
  'with a file %s is refused, and nothing in it is touched',
  async (name) => {
    const dir = join(scene.folder, 'capture')
    await mkdir(dir)
    await writeFile(join(dir, name), 'mine')
    await expect(scene.open()).rejects.toMatchObject({
      code: 'ERR_CAPTURE_IN_USE',
      message: expect.stringMatching(/is not empty: .* name a new or an empty folder/),
    })
    expect(await readdir(dir)).toEqual([name])
  },
)

test('of log segments that are read is refused', async () => {
  const written = await scene.write(10)
  const first = await scene.open()
  await replayOf(first.manager)
  await first.manager.close()
  await using replay = await replayFrom(first.dir)
  await expect(scene.open()).rejects.toMatchObject({ code: 'ERR_CAPTURE_IN_USE' })
  expect(digestOf(await replayOf(replay))).toBe(digestOf(written))
})

test.each([
  ['a file', 'file', 'ENOTDIR', 'Not a directory'],
  ['below a file', 'file/capture', 'ENOTDIR', 'Not a directory'],
  ['a link that leads nowhere', 'link', 'ENOENT', 'No such file or directory'],
  ['of a name that is too long', 'x'.repeat(300), 'ENAMETOOLONG', 'File name too long'],
])('that is %s is an error of create', async (_, name, systemCode, words) => {
  await writeFile(join(scene.folder, 'file'), '')
  await symlink(join(scene.folder, 'nowhere'), join(scene.folder, 'link'))
  const dir = join(scene.folder, name)
  await expect(scene.open({ dir })).rejects.toMatchObject({
    ...{ code: 'ERR_CAPTURE', systemCode },
    message: expect.stringContaining(`could not create '${dir}' (${words})`),
  })
  expect((await readdir(scene.folder)).sort()).toEqual(['file', 'link'])
})

test('of another manager is refused, and that one goes on', async () => {
  const written = await scene.write(10)
  const { manager, dir, ended } = await scene.open()
  await expect(scene.open()).rejects.toMatchObject({
    code: 'ERR_CAPTURE_IN_USE',
    message: expect.stringMatching(/^another capture writes to .*: give each manager a folder/),
  })
  await replayOf(manager)
  await manager.close()
  expect(ended()).toEqual([])
  await using replay = await replayFrom(dir)
  expect(digestOf(await replayOf(replay))).toBe(digestOf(written))
})

test('that several managers want at once is given to one of them', async () => {
  const opened = await Promise.allSettled([scene.open(), scene.open(), scene.open()])
  const refused = opened.filter(({ status }) => status === 'rejected')
  expect(refused).toMatchObject(Array(2).fill({ reason: { code: 'ERR_CAPTURE_IN_USE' } }))
  for (const each of opened) if (each.status === 'fulfilled') await each.value.manager.close()
})
