import { buildNativeTests, runGoogleTest, sum } from './googletest.mjs'

export const NATIVE_TESTS = ['core_test', 'engine_test', 'librdkafka_test']

/** GoogleTest over decoder, merge, columns, engine and the patch of librdkafka. */
export async function native() {
  buildNativeTests('build/native')
  return sum(NATIVE_TESTS.map((name) => runGoogleTest(`build/native/${name}`)))
}
