import { run } from '../support/run-program.js'

test('the binding asks for the packages that prebuild makes', async () => {
  const { result } = await run(`
    const { PLATFORM_PACKAGES, targetOf } = await import('./.ci/pack.mjs')
    const { TARGETS } = await import('./prebuild/targets.mjs')
    report({ asked: PLATFORM_PACKAGES.map(targetOf).sort(), made: Object.keys(TARGETS).sort() })`)
  expect(result.asked).toEqual(result.made)
})

test("a binary of this machine's compiler is none for other machines", async () => {
  const { result, stderr } = await run(`
    const { checkBinary } = await import('./prebuild/checks.mjs')
    const said = (target) => {
      try {
        checkBinary(target, './build/Release/tidemark.node')
        return 'nothing'
      } catch ({ message }) {
        return message
      }
    }
    report({ glibc: said('linux-x64-gnu'), arm: said('linux-arm64-musl') })`)
  expect(stderr).toBe('')
  expect(result.glibc).toMatch(/not made by zig alone/)
  expect(result.glibc).toMatch(/it needs \w+ of GLIBC_2\.[2-9]\d/)
  expect(result.glibc).toMatch(/it needs the library libstdc\+\+\.so\.6/)
  expect(result.glibc).not.toMatch(/it exports|can be unloaded|asks Node for nothing/)
  expect(result.arm).toMatch(/it is for x64/)
})
