import { run } from '../support/run-program.js'

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
